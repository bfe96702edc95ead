-- sql/extension/90_revoke.sql
-- Nothing of ours is for everybody; install() grants what each role needs.
REVOKE ALL ON ALL ROUTINES IN SCHEMA qutecart FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA qutecart FROM PUBLIC;
