import RoostLanguage
import Testing

/// The function table of the language, row by row: how many parameters, where it may be called, what it gives and when it refuses.
@Suite("The function table")
struct FunctionTableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let arity: ClosedRange<Int>
        var isRunTime = true
        var examples: [(text: String, value: Value)] = []
        /// Expressions that have no value, and the code of the reason.
        var refusals: [(text: String, code: String)] = []
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(
            name: "and",
            arity: 2...Int.max,
            examples: [
                ("and(true, 'a', 1)", true), ("and(1, 0)", false), ("and(false, lt('x', parameters.list))", false),
            ],
            refusals: [("and(true, lt('x', parameters.list))", "expression.conversion")]
        ),
        Row(
            name: "or",
            arity: 2...Int.max,
            examples: [
                ("or('', 0, 'False')", true), ("or(false, '')", false), ("or(1, lt('x', parameters.list))", true),
            ],
            refusals: [("or(false, lt('x', parameters.list))", "expression.conversion")]
        ),
        Row(name: "not", arity: 1...1, examples: [("not(0)", true), ("not('false')", false)]),
        Row(
            name: "xor",
            arity: 2...2,
            examples: [("xor(true, '')", true), ("xor(1, 'a')", false)],
            refusals: [("xor(true, lt('x', parameters.list))", "expression.conversion")]
        ),
        Row(
            name: "eq",
            arity: 2...2,
            examples: [("eq('A', 'a')", true), ("eq(1, 'x')", false), ("eq(true, 'no')", true)]
        ),
        Row(name: "ne", arity: 2...2, examples: [("ne('A', 'a')", false), ("ne(1, 'x')", true)]),
        Row(
            name: "gt",
            arity: 2...2,
            examples: [("gt(10, '9')", true), ("gt('10', '9')", false)],
            refusals: [("gt(1, 'x')", "expression.conversion")]
        ),
        Row(
            name: "ge",
            arity: 2...2,
            examples: [("ge('b', 'B')", true)],
            refusals: [("ge(1, parameters.list)", "expression.conversion")]
        ),
        Row(
            name: "lt",
            arity: 2...2,
            examples: [("lt(false, true)", true)],
            refusals: [("lt(1.2.3, 'x')", "expression.conversion")]
        ),
        Row(
            name: "le",
            arity: 2...2,
            examples: [("le(1.2.3, '1.2.3')", true)],
            refusals: [("le(parameters.map, 1)", "expression.conversion")]
        ),
        Row(
            name: "in",
            arity: 1...Int.max,
            examples: [("in('b', 'a', 'B')", true), ("in(1)", false), ("in('a', 'a', lt('x', parameters.list))", true)]
        ),
        Row(name: "notIn", arity: 1...Int.max, examples: [("notIn('b', 'a', 'B')", false), ("notIn(1)", true)]),
        Row(
            name: "contains",
            arity: 2...2,
            examples: [("contains('abC', 'BC')", true), ("contains('', '')", true), ("contains(123, 2)", true)],
            refusals: [("contains(parameters.list, 'a')", "expression.conversion")]
        ),
        Row(
            name: "startsWith",
            arity: 2...2,
            examples: [("startsWith('Refs/x', 'refs/')", true), ("startsWith('a', 'ab')", false)]
        ),
        Row(
            name: "endsWith",
            arity: 2...2,
            examples: [("endsWith('a.YML', '.yml')", true), ("endsWith('a', '')", true)]
        ),
        Row(
            name: "containsValue",
            arity: 2...2,
            examples: [
                ("containsValue(parameters.list, 'B')", true), ("containsValue(parameters.map, 2)", true),
                ("containsValue('abc', 'abc')", false), ("containsValue(parameters.none, '')", false),
            ]
        ),
        Row(
            name: "coalesce",
            arity: 2...Int.max,
            examples: [
                ("coalesce('', parameters.none, 'x')", "x"), ("coalesce('', '')", ""), ("coalesce(0, 'x')", 0),
                ("coalesce(false, 'x')", false), ("and(coalesce(parameters.none, false), true)", false),
            ]
        ),
        Row(
            name: "format",
            arity: 1...Int.max,
            examples: [
                ("format('{0}{{}}{1}', 'a', 1.10)", "a{}1.1"), ("format('{0:yyyy-MM}', pipeline.startTime)", "2023-11"),
            ],
            refusals: [
                ("format('{1}', 'a')", "expression.format-index"), ("format('{', 'a')", "expression.format-string"),
                ("format('{0:x}', 1)", "expression.format-specifier"),
                ("format('{0}', parameters.list)", "expression.conversion"),
            ]
        ),
        Row(
            name: "join",
            arity: 2...2,
            examples: [
                ("join('-', parameters.list)", "a-B-c"), ("join(',', parameters.people)", ",,nobody"),
                ("join(',', 'text')", "text"), ("join(',', parameters.map)", ""),
            ],
            refusals: [("join(parameters.list, 'a')", "expression.conversion")]
        ),
        Row(
            name: "split",
            arity: 2...2,
            examples: [
                ("split('a--b', '--')", ["a", "b"]), ("split('', ',')", [""]), ("split(' a , b', ',')", [" a ", " b"]),
            ]
        ),
        Row(
            name: "replace",
            arity: 3...3,
            examples: [("replace('aXbX', 'X', '')", "ab"), ("replace('aAa', 'a', 'b')", "bAb")],
            refusals: [("replace('a', '', 'b')", "expression.replace")]
        ),
        Row(
            name: "length",
            arity: 1...1,
            examples: [
                ("length(parameters.list)", 3), ("length(parameters.map)", 2), ("length('abc')", 3),
                ("length(parameters.none)", 0), ("length(10)", 2),
            ]
        ),
        Row(name: "lower", arity: 1...1, examples: [("lower('AbÉ')", "abé"), ("lower(true)", "true")]),
        Row(
            name: "upper",
            arity: 1...1,
            examples: [("upper('abé')", "ABÉ")],
            refusals: [("upper(parameters.list)", "expression.conversion")]
        ),
        Row(name: "trim", arity: 1...1, examples: [("trim('\t a b\n')", "a b"), ("trim('')", "")]),
        Row(
            name: "substring",
            arity: 3...3,
            examples: [("substring('abcd', 1, 2)", "bc"), ("substring('abc', 3, 0)", "")],
            refusals: [
                ("substring('abc', 2, 2)", "expression.substring"), ("substring('abc', -1, 1)", "expression.substring"),
                ("substring('abc', 'x', 1)", "expression.conversion"),
            ]
        ),
        Row(
            name: "iif",
            arity: 3...3,
            examples: [("iif(true, 1, 'b')", 1), ("iif('', 1, parameters.map)", ["first": "1", "Second": "2"])],
            refusals: [("iif(true, 1, lt('x', parameters.list))", "expression.conversion")]
        ),
        Row(
            name: "convertToJson",
            arity: 1...1,
            isRunTime: false,
            examples: [("convertToJson('a')", "\"a\""), ("convertToJson(parameters.numbers)", "[\n  1,\n  2,\n  3\n]")]
        ),
    ]

    @Test("these are all functions, of templates and of what is evaluated later")
    func names() {
        #expect(FunctionTable.compileTime.names == Self.rows.map(\.name).sorted())
        #expect(FunctionTable.runTime.names == Self.rows.filter(\.isRunTime).map(\.name).sorted())
    }

    @Test("a function gives what the table says, in every spelling of its name", arguments: rows)
    func examples(_ row: Row) throws {
        #expect(!row.examples.isEmpty)
        for (text, value) in row.examples {
            #expect(try evaluate(text) == value, "\(text)")
            let other = text.replacing("\(row.name)(", with: "\(row.name.uppercased()) (", maxReplacements: 1)
            #expect(try evaluate(other) == value, "\(other)")
            if row.isRunTime { #expect(try evaluate(text, .runTime) == value, "\(text) while the run goes on") }
        }
        for (text, code) in row.refusals { #expect(failure(text)?.code == code, "\(text)") }
    }

    @Test("too few and too many parameters are errors that name the function", arguments: rows)
    func arity(_ row: Row) {
        let few = "\(row.name)(\(Array(repeating: "'a'", count: row.arity.lowerBound - 1).joined(separator: ", ")))"
        #expect(failure(few)?.code == "expression.too-few-parameters")
        #expect(
            failure(few)?.summary.hasPrefix("Too few parameters supplied: '\(row.name)'. Located at position 1") == true
        )
        guard row.arity.upperBound < Int.max else { return }
        let many = "\(row.name)(\(Array(repeating: "'a'", count: row.arity.upperBound + 1).joined(separator: ", ")))"
        #expect(failure(many)?.code == "expression.too-many-parameters")
        #expect(
            failure(many)?.summary.hasPrefix("Too many parameters supplied: '\(row.name)'. Located at position 1")
                == true
        )
    }

    @Test("a function of templates only is unknown while the run goes on, with advice")
    func compileTimeOnly() {
        let problem = failure("convertToJson('a')", .runTime)
        #expect(problem?.code == "expression.unknown-function")
        #expect(problem?.advice == "convertToJson may be used in ${{ }} only.")
    }

    @Test(
        "status functions and counter are unknown where they may not stand, with advice",
        arguments: ["succeeded", "failed", "succeededOrFailed", "always", "canceled", "counter", "hashFiles"]
    )
    func elsewhere(_ name: String) {
        let problem = failure("\(name)()")
        #expect(problem?.code == "expression.unknown-function")
        #expect(problem?.summary.hasPrefix("Unrecognized function: '\(name)'. Located at position 1") == true)
        #expect(problem?.advice != nil)
    }
}
