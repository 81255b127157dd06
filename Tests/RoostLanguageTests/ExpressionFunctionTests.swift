import RoostLanguage
import Testing

@Suite("Functions of expressions")
struct ExpressionFunctionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let value: Value
        init(_ text: String, _ value: Value) {
            self.text = text
            self.value = value
        }
        var testDescription: String { text }
    }

    @Test(
        "logic",
        arguments: [
            Case("and(true, true)", true), Case("and(true, 'x', 1)", true), Case("and(true, '')", false),
            Case("or(false, 0, '')", false), Case("or(false, 'False')", true), Case("not('')", true),
            Case("not('False')", false), Case("xor(true, false)", true), Case("xor(true, 1)", false),
            Case("iif(true, 'a', 'b')", "a"), Case("iif('', 1, 2)", 2), Case("AND(True, TRUE)", true),
            Case("coalesce('', parameters.none, 'x', 'y')", "x"), Case("coalesce('', '')", ""),
            Case("coalesce(parameters.none, false)", false), Case("coalesce(3, 2)", 3),
            Case("coalesce(parameters.none, parameters.list)[1]", "B"),
        ]
    )
    func logic(_ example: Case) throws {
        #expect(try evaluate(example.text) == example.value)
    }

    @Test(
        "comparison",
        arguments: [
            Case("eq('a', 'A')", true), Case("eq(parameters.yes, 'false')", true),
            Case("eq('false', parameters.yes)", false),
            Case("ne(1, '1')", false), Case("gt(2, 1)", true), Case("ge(2, '2')", true), Case("lt('a', 'B')", true),
            Case("le(1.2.3, 1.2.4)", true), Case("lt(1.2.3, '1.10.0')", true), Case("in('b', 'a', 'B')", true),
            Case("in('c')", false), Case("notIn('c', 'a', 'b')", true), Case("notin('a', 'A')", false),
            Case("in(1, 'x', '1')", true), Case("eq(variables.none, '')", true), Case("eq(1.10, '1.1')", true),
        ]
    )
    func comparison(_ example: Case) throws {
        #expect(try evaluate(example.text) == example.value)
    }

    @Test(
        "texts",
        arguments: [
            Case("contains('ABCDE', 'bcd')", true), Case("contains('abc', 'x')", false),
            Case("contains('abc', '')", true),
            Case("startsWith('refs/heads/x', 'REFS/')", true), Case("endsWith('a.yml', '.YML')", true),
            Case("endsWith('yml', 'a.yml')", false), Case("lower('ÀB')", "àb"), Case("upper('ab')", "AB"),
            Case("trim('  a b \n')", "a b"), Case("trim(' ')", ""), Case("replace('a-b-c', '-', '')", "abc"),
            Case("replace('aAa', 'a', 'b')", "bAb"), Case("substring('héllo', 1, 3)", "éll"),
            Case("substring('abc', 3, 0)", ""), Case("split('a,b,,c', ',')", ["a", "b", "", "c"]),
            Case("split('a, b', ', ')[1]", "b"), Case("split('', ',')", [""]), Case("split('abc', '')", ["abc"]),
            Case("split('a\r\nb', '\n')[1]", "b"), Case("contains(10, '1')", true),
        ]
    )
    func texts(_ example: Case) throws {
        #expect(try evaluate(example.text) == example.value)
    }

    @Test(
        "format",
        arguments: [
            Case("format('plain')", "plain"), Case("format('{0}-{1}', 'a', 1.50)", "a-1.5"),
            Case("format('{1}{0}{1}', 'a', true)", "TrueaTrue"), Case("format('{{{0}}}', 'x')", "{x}"),
            Case("format('{{0}}', 'x')", "{0}"), Case("format('{0}', variables.none)", ""),
            Case("format('{0:yyyyMMdd}', pipeline.startTime)", "20231114"),
            Case("format('{0:yy-M-d H:m:s.fff zzz K}', pipeline.startTime)", "23-11-14 22:13:20.123 +00:00 Z"),
            Case("format('{0:\\yyyyy}', pipeline.startTime)", "y2023"),
        ]
    )
    func format(_ example: Case) throws {
        #expect(try evaluate(example.text) == example.value)
    }

    @Test(
        "collections",
        arguments: [
            Case("length(parameters.list)", 3), Case("length(parameters.map)", 2), Case("length('abc')", 3),
            Case("length(parameters.none)", 0), Case("length('😀')", 2), Case("length(true)", 4),
            Case("join(';', parameters.list)", "a;B;c"), Case("join(',', parameters.people)", ",,nobody"),
            Case("join(',', 'x')", "x"), Case("join(',', parameters.map)", ""), Case("join(',', parameters.none)", ""),
            Case("containsValue(parameters.list, 'b')", true), Case("containsValue(parameters.map, '2')", true),
            Case("containsValue(parameters.numbers, '2')", true), Case("containsValue('abc', 'abc')", false),
            Case("containsValue(parameters.list, 'x')", false),
        ]
    )
    func collections(_ example: Case) throws {
        #expect(try evaluate(example.text) == example.value)
    }

    @Test(
        "indexes, dots and wildcards",
        arguments: [
            Case("parameters.list[0]", "a"), Case("parameters.list['1']", "B"), Case("parameters.list[1.9]", "B"),
            Case("parameters.list[3]", nil), Case("parameters.list[-1]", nil), Case("parameters.LIST[2]", "c"),
            Case("parameters['map']['SECOND']", "2"), Case("parameters.map.first.more.and.more", nil),
            Case("variables['Build.Reason']", "Manual"), Case("parameters.people.*.name", ["Ann", "Bob"]),
            Case("parameters.people[*].age", [30]), Case("parameters.map.*", ["1", "2"]),
            Case("join(',', parameters.people.*['name'])", "Ann,Bob"), Case("length(parameters.people.*.*)", 3),
            Case("variables[format('{0}.{1}', 'build', 'reason')]", "Manual"), Case("parameters.none.x", nil),
            Case("length(parameters.none.*)", 0), Case("parameters . yes", true), Case("parameters.list [ 0 ]", "a"),
        ]
    )
    func indexes(_ example: Case) throws {
        #expect(try evaluate(example.text) == example.value)
    }

    @Test("and, or, in and coalesce stop where the result is known; iif does not")
    func shortCircuit() throws {
        #expect(try evaluate("and(false, lt('x', parameters.list))") == false)
        #expect(try evaluate("or(true, lt('x', parameters.list))") == true)
        #expect(try evaluate("in('a', 'a', lt('x', parameters.list))") == true)
        #expect(try evaluate("coalesce('a', lt('x', parameters.list))") == "a")
        #expect(failure("iif(true, 1, lt('x', parameters.list))")?.code == "expression.conversion")
        #expect(failure("xor(true, lt('x', parameters.list))")?.code == "expression.conversion")
    }

    @Test("convertToJson writes two-space JSON with every scalar as its kind")
    func json() throws {
        let text = try evaluate("convertToJson(parameters)").text
        #expect(
            text == """
                {
                  "yes": true,
                  "no": false,
                  "list": [
                    "a",
                    "B",
                    "c"
                  ],
                  "numbers": [
                    1,
                    2,
                    3
                  ],
                  "none": null,
                  "map": {
                    "first": "1",
                    "Second": "2"
                  },
                  "people": [
                    {
                      "name": "Ann",
                      "age": 30
                    },
                    {
                      "name": "Bob"
                    },
                    "nobody"
                  ]
                }
                """
        )
        #expect(Value.array([[], [:], "a\"\\\n\u{1}"]).jsonText == "[\n  [],\n  {},\n  \"a\\\"\\\\\\n\\u0001\"\n]")
    }

    @Test(
        "a step's status functions follow the job's status",
        arguments: [
            (JobStatusSoFar.succeeded, [true, true, false, true, false]),
            (.succeededWithIssues, [true, true, false, true, false]), (.failed, [true, false, true, true, false]),
            (.canceled, [true, false, false, false, true]),
        ]
    )
    func status(_ status: JobStatusSoFar, _ expected: [Bool]) throws {
        let functions = FunctionTable.runTime.adding(ExpressionFunction.statusFunctions(ofStepsIn: status))
        let names = ["always", "succeeded", "failed", "succeededOrFailed", "canceled"]
        #expect(try names.map { try evaluate("\($0)()", functions).isTrue } == expected)
        #expect(failure("succeeded('A')", functions)?.code == "expression.too-many-parameters")
    }

    @Test("counter passes prefix and seed on")
    func counter() throws {
        let functions = FunctionTable.runTime.adding([
            .counter { prefix, seed in prefix.isEmpty ? seed : seed * 10 }
        ])
        #expect(try evaluate("counter(format('{0}', 'v'), 7)", functions) == 70)
        #expect(try evaluate("counter()", functions) == 0)
    }

    @Test("no text grows beyond the limit, however calls are nested")
    func bomb() {
        let seed = "replace('aaaaaaaaaa', 'a', 'aaaaaaaaaa')"
        let bomb = (0..<10).reduce(seed) { text, _ in "replace(\(text), 'a', 'aaaaaaaaaa')" }
        #expect(failure(bomb, sizeLimit: 10_000)?.code == "expression.too-large")
        let formats = (0..<40).reduce("'aaaa'") { text, _ in "format('{0}{0}', \(text))" }
        #expect(failure(formats, sizeLimit: 10_000)?.code == "expression.too-large")
    }
}
