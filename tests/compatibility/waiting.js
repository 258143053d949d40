'use strict';

/** The promise's value, or a failure that says what did not happen in time. */
function within(milliseconds, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${milliseconds} ms: ${what}`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Asks again until the answer is accepted. */
async function eventually(milliseconds, what, ask, accepts = Boolean) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (accepts(answer)) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`not within ${milliseconds} ms: ${what}; last seen: ${JSON.stringify(answer)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

module.exports = { within, eventually };
