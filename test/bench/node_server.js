// test/bench/node_server.js PORT SOCKET_DIR DATABASE USER PASSWORD SHOP
// What one would write without us: node's http, its PostgreSQL driver, a pool, and for
// each request begin, set the claims, a query under row-level security, commit.
const http = require('http');
const { Pool } = require('pg');

const [port, host, database, user, password, shop] = process.argv.slice(2);
const pool = new Pool({ host, database, user, password, max: 8 });

const page = `SELECT c.product_id AS id, c.is_digital, c.name, c.thumbnail, c.price,
    c.discount_price, c.quantity, c.brand, c.shop_id, c.shop_name
  FROM bench.catalogue c ORDER BY c.created_at DESC, c.product_id DESC LIMIT 20`;
const summary = `SELECT count(*)::int AS total, min(price) AS min_price, max(price) AS max_price FROM bench.catalogue`;

function card(row) {
  return {
    id: Number(row.id), is_digital: row.is_digital, name: row.name, thumbnail: row.thumbnail,
    price: Number(row.price), discount_price: Number(row.discount_price), discount_percentage: 0, rating: 0,
    total_reviews: '0', total_sold: '0', quantity: row.quantity, is_favorite: false, sizes: [], colors: [],
    unit: null, brand: row.brand,
    shop: { id: Number(row.shop_id), name: row.shop_name, logo: '', rating: 5, estimated_delivery_time: '2-3 days',
            delivery_charge: 0, last_online: false },
  };
}

async function products() {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query("SELECT set_config('request.shop_id', $1, true)", [shop]);
    const rows = (await client.query({ name: 'page', text: page })).rows;
    const { total, min_price, max_price } = (await client.query({ name: 'summary', text: summary })).rows[0];
    await client.query('COMMIT');
    return { message: 'products', data: { total, products: rows.map(card),
      filters: { sizes: [], colors: [], brands: [], min_price, max_price } } };
  } finally {
    client.release();
  }
}

http.createServer(async (request, response) => {
  try {
    const body = JSON.stringify(await products());
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
  } catch (error) {
    response.writeHead(500);
    response.end(String(error));
  }
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));
