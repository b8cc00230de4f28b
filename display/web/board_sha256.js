/* SHA-256 (FIPS 180-4) of an ASCII text, in hex: a page over plain HTTP has no crypto.subtle. */
(function () {
  "use strict";

  var primes = [];
  for (var candidate = 2; primes.length < 64; candidate += 1) {
    if (primes.every(function (prime) { return candidate % prime; })) {
      primes.push(candidate);
    }
  }

  /* The first 32 bits of the fraction: FIPS 180-4 sections 4.2.2 and 5.3.3. */
  function fraction(number) {
    return Math.floor((number - Math.floor(number)) * 4294967296) | 0;
  }

  var ROUNDS = primes.map(function (prime) { return fraction(Math.cbrt(prime)); });
  var START = primes.slice(0, 8).map(function (prime) { return fraction(Math.sqrt(prime)); });

  function turned(word, by) {
    return (word >>> by) | (word << (32 - by));
  }

  /* The text in 32-bit words: a one bit, zeros, the length in bits (sections 5.1.1 and 5.2.1). */
  function padded(text) {
    var words = new Array((((text.length + 8) >> 6) + 1) * 16).fill(0);
    for (var at = 0; at < text.length; at += 1) {
      words[at >> 2] |= text.charCodeAt(at) << (24 - (at % 4) * 8);
    }
    words[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8);
    words[words.length - 1] = text.length * 8;
    return words;
  }

  function schedule(block) {
    var words = block.slice();
    for (var at = 16; at < 64; at += 1) {
      var early = words[at - 15];
      var late = words[at - 2];
      var first = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
      var second = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
      words[at] = (words[at - 16] + first + words[at - 7] + second) | 0;
    }
    return words;
  }

  function step(state, word, round) {
    var a = state[0], e = state[4];
    var big = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    var choice = (e & state[5]) ^ (~e & state[6]);
    var one = (state[7] + big + choice + round + word) | 0;
    var small = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    var majority = (a & state[1]) ^ (a & state[2]) ^ (state[1] & state[2]);
    return [(one + small + majority) | 0, a, state[1], state[2], (state[3] + one) | 0, e, state[5], state[6]];
  }

  function compressed(hash, block) {
    var words = schedule(block);
    var state = hash;
    for (var at = 0; at < 64; at += 1) {
      state = step(state, words[at], ROUNDS[at]);
    }
    return hash.map(function (word, place) { return (word + state[place]) | 0; });
  }

  function sha256(text) {
    var words = padded(text);
    var hash = START;
    for (var at = 0; at < words.length; at += 16) {
      hash = compressed(hash, words.slice(at, at + 16));
    }
    return hash.map(function (word) { return ("0000000" + (word >>> 0).toString(16)).slice(-8); }).join("");
  }

  window.HallSha256 = sha256;
})();
