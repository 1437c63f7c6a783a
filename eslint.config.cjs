// Scripts of Odoo 19 are modules; what the page itself brings is named here.
const globals = require("globals");

module.exports = [
    {
        files: ["**/*.js"],
        languageOptions: {
            globals: {odoo: "readonly", owl: "readonly", luxon: "readonly", Chart: "readonly", ...globals.browser},
            ecmaVersion: 2024,
            sourceType: "module",
        },
        rules: {
            "constructor-super": "error",
            "no-cond-assign": "error",
            "no-const-assign": "error",
            "no-debugger": "error",
            "no-dupe-args": "error",
            "no-dupe-class-members": "error",
            "no-dupe-keys": "error",
            "no-duplicate-case": "error",
            "no-duplicate-imports": "error",
            "no-empty-pattern": "error",
            "no-eq-null": "error",
            "no-eval": "error",
            "no-ex-assign": "error",
            "no-func-assign": "error",
            "no-global-assign": "error",
            "no-lonely-if": "error",
            "no-return-assign": "error",
            "no-this-before-super": "error",
            "no-undef": "error",
            "no-unneeded-ternary": "error",
            "no-unreachable": "error",
            "no-unsafe-finally": "error",
            "no-unused-expressions": "error",
            "no-unused-vars": "error",
            "no-use-before-define": ["error", {functions: false}],
            "operator-assignment": ["error", "always"],
            "spaced-comment": ["error", "always"],
            "use-isnan": "error",
        },
    },
];
