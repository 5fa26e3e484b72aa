// SPDX-License-Identifier: Apache-2.0
// Numbers that are the same again for the same seed (xorshift with 32 bits).

export class Random {
	constructor(seed) {
		this.state = (seed | 0) || 1;
	}

	/** A whole number from 0 to below - 1. */
	below(limit) {
		let x = this.state;
		x ^= x << 13;
		x ^= x >>> 17;
		x ^= x << 5;
		this.state = x;
		return (x >>> 0) % limit;
	}

	/** True once in so many. */
	once(times) {
		return this.below(times) === 0;
	}

	pick(list) {
		return list[this.below(list.length)];
	}

	bytes(length) {
		return Buffer.from(Array.from({ length }, () => this.below(256)));
	}
}

/** The seed is given, or made and then named, so that a run can be had again. */
export function seeded(given) {
	const seed = given === undefined ? Math.floor(Math.random() * 0x7fffffff) + 1 : Number(given);
	console.log(`# seed ${seed}`);
	return new Random(seed);
}
