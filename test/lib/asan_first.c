/*
 * test/lib/asan_first.c
 *		Wakes the address sanitizer before any other library's constructor.
 *
 * Preloaded beside libasan into servers; linked with -z initfirst, so that the dynamic
 * linker runs this constructor first of all.  Without it the sanitizer wakes at the
 * first malloc, which libgpg-error makes within bindtextdomain(): its search for an
 * absent symbol then asks for a translation while the lock of the translations is held,
 * the lock is released twice, and postgres waits for it for ever in main().
 *
 * It is linked with libcrypt for the same reason: the sanitizer looks for crypt() when it
 * wakes, and would call nothing where our library brought it later.
 */
void __asan_init(void);

__attribute__((constructor)) static void
wake_sanitizer(void)
{
	__asan_init();
}
