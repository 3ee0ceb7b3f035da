// What differs from run to run gets the same text in every picture that belongs together: digests, commits and times.
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');

exports.HEX = /\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,64}\b/gu;
exports.TIME = /\b(20\d\d-\d\d-\d\d)([ T])(\d\d:\d\d)/gu;

exports.open = file => {
    const names = file && fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { hex: {}, minutes: {} };
    const placeOf = minute => {
        const earlier = Object.keys(names.minutes).map(Number).filter(known => known < minute);
        if (earlier.length > 0)
            return names.minutes[Math.max(...earlier)] + (earlier.length === Object.keys(names.minutes).length ? 1 : 0);
        return Math.min(5, ...Object.values(names.minutes)) - 1;
    };
    return {
        // Short forms of a digest get the beginning of what the long form gets.
        hex(value) {
            const key = value.slice(0, 8);
            names.hex[key] ??= Object.keys(names.hex).length;
            return crypto.createHash('sha256').update(`gantry picture ${names.hex[key]}`).digest('hex').slice(0, value.length);
        },
        // The first minute that is seen becomes 2026-01-02 03:04, a later one 03:05, an earlier one 03:03. Whole days between them stay.
        time(_, day, between, time) {
            const minute = Date.parse(`${day}T${time}Z`) / 60000;
            names.first ??= minute;
            const days = Math.round((minute - names.first) / 1440);
            const within = minute - days * 1440;
            names.minutes[within] ??= placeOf(within);
            const shown = new Date(Date.UTC(2026, 0, 2 + days, 3, names.minutes[within]));
            return shown.toISOString().slice(0, 16).replace('T', between);
        },
        save() {
            if (file)
                fs.writeFileSync(file, JSON.stringify(names));
        },
    };
};

// As a program: node .ci/picture-names.js NAMES.json USER PAGE.html, for the text of a page.
if (require.main === module) {
    const [file, user, page] = process.argv.slice(2);
    const names = exports.open(file);
    const isText = part => !/^<(style|script)/.test(part);
    const rename = part => part.replace(exports.HEX, value => names.hex(value)).replace(exports.TIME, (...match) => names.time(...match))
        .replace(new RegExp(`\\b${user}\\b`, 'g'), 'anna');
    const parts = fs.readFileSync(page, 'utf8').split(/(<style[^]*?<\/style>|<script[^]*?<\/script>)/);
    fs.writeFileSync(page, parts.map(part => isText(part) ? rename(part) : part).join(''));
}
