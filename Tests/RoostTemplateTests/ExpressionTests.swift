import RoostLanguage
import Testing

@testable import RoostTemplate

@Suite("Expressions")
struct ExpressionTests {
    @Test(
        "operators, numbers and texts",
        arguments: [
            ("1 + 2 * 3 - 4 / 5 % 6", "6.2"), ("0.1 + 0.2", "0.3"), ("-7 % 3", "-1"), ("1e3", "1000"),
            ("7 % -3", "1"), ("123456789012345678901234567890 * 10", "1234567890123456789012345678900"),
            ("\"${1e20}/${1e-7}\"", "\"100000000000000000000/0.0000001\""), ("1 == \"1\"", "false"),
            ("[1] == [1]", "true"),
            ("!true || true && true", "true"), ("1 < 2 == true", "true"), ("- 2 + 3", "1"),
            ("a-b", "1:1-1:4 Unknown variable"),
            ("\"\\u00e9$${x}%%{y}\"", "\"é${x}%{y}\""), ("\"n\u{303}\" == \"ñ\"", "true"),
            ("true ? 1 : \"a\"", "\"1\""), ("false ? [1] : [\"a\", 2]", "[\"a\",\"2\"]"),
            ("true ? {a = 1} : {}", "{\"a\":1}"),
            ("true ? 1 : nothing", "1"), ("1 ? 2 : 3", "1:1-1:2 Incorrect condition type"),
            ("true ? {a = 1} : [1]", "1:8-1:21 Inconsistent conditional result types"),
            ("1 / 0", "1:5-1:6 Division by zero"),
        ]
    )
    func operators(_ text: String, _ result: String) { #expect(evaluated(text) == result) }

    @Test(
        "collections, for and splats",
        arguments: [
            ("{a = 1, \"b\" = 2, (upper(\"c\")) = 3}", "{\"C\":3,\"a\":1,\"b\":2}"),
            ("[for i, x in [\"a\", \"b\"] : \"${i}${x}\" if i > 0]", "[\"1b\"]"),
            ("{for x in [\"ab\", \"ac\", \"b\"] : substr(x, 0, 1) => x...}", "{\"a\":[\"ab\",\"ac\"],\"b\":[\"b\"]}"),
            ("{for x in [\"a\", \"a\"] : x => 1}", "1:24-1:25 Duplicate object key"),
            ("[{a = [1, 2]}, {a = [3]}][*].a[0]", "[1,3]"), ("[{a = [1, 2]}, {a = [3]}].*.a[0]", "[1,2]"),
            ("null[*]", "[]"), ("\"x\"[*]", "[\"x\"]"), ("object[*].size", "[3]"), ("list[5]", "1:5-1:8 Invalid index"),
            ("list[-1]", "1:5-1:9 Invalid index"), ("object.nam", "1:7-1:11 Unsupported attribute"),
            ("list.0", "\"a\""),
            ("[[1, 2]].0.1", "1:10-1:13 Invalid legacy index syntax"), ("{a.b = 1}", "1:2-1:5 Ambiguous attribute key"),
            ("max(list...)", "1:5-1:9 Invalid function argument\n1:5-1:9 Invalid function argument"),
            ("max([3, 5]...)", "5"),
        ]
    )
    func collections(_ text: String, _ result: String) { #expect(evaluated(text) == result) }

    @Test(
        "templates and heredocs",
        arguments: [
            ("\"%{ for x in [\"a\", \"b\"] ~} ${x} %{~ endfor }\"", "\"ab\""),
            ("\"%{ if false }x%{ else }y%{ endif }\"", "\"y\""), ("\"a  ${~ \"-\" ~}  b\"", "\"a-b\""),
            ("<<-EOT\n    a\n\n      b ${1 + 1}\n    EOT\n", "\"a\\n\\n  b 2\\n\""), ("<<E\n a\nE\n", "\" a\\n\""),
            ("\"${[1]}\"", "[1]"), ("\"a${[1]}\"", "1:5-1:8 Invalid template interpolation value"),
            ("\"a${null}\"", "1:5-1:9 Invalid template interpolation value"),
            ("\"%{ fi }\"", "1:5-1:7 Invalid template control keyword"),
            ("\"%{ if true }x\"", "1:15-1:16 Unexpected end of template"),
        ]
    )
    func templates(_ text: String, _ result: String) { #expect(evaluated(text) == result) }

    @Test(
        "types and conversion",
        arguments: [
            ("convert([1, \"a\", true], list(string))", "[\"1\",\"a\",\"true\"]"),
            ("convert([3, 1, 3], set(number))", "[1,3]"),
            ("convert({a = 1, b = \"x\"}, map(any))", "{\"a\":\"1\",\"b\":\"x\"}"),
            ("convert(\"1.50\", number)", "1.5"),
            ("convert({a = 1, b = 2}, object({a = string}))", "{\"a\":\"1\"}"),
            ("convert({}, object({a = optional(string)}))", "{\"a\":null}"),
            ("convert(\"True\", bool)", "1:10-1:14 Invalid function argument"),
            ("convert(1, lst(string))", "1:12-1:15 Invalid type specification"),
            ("convert([1, [2]], list(any))", "1:9-1:10 Invalid function argument"),
            ("try(nothing, object.nam, \"d\")", "\"d\""), ("can(nothing)", "false"), ("can(object.size)", "true"),
        ]
    )
    func conversion(_ text: String, _ result: String) { #expect(evaluated(text) == result) }

    @Test(
        "what is unknown or secret stays so",
        arguments: [
            ("\"a${later}\"", "unknown string"), ("upper(later)", "unknown string"), ("later == null", "unknown bool"),
            ("[later][*]", "unknown tuple([string])"), ("anything.x[0]", "unknown any"),
            ("later ? 1 : 2", "unknown number"),
            ("later == \"a\" ? [1] : [2]", "unknown tuple([number])"), ("can(later)", "unknown bool"),
            ("length([later])", "1"),
            ("upper(secret)", "\"S3CRET\" (sensitive)"), ("\"x${secret}\"", "\"xs3cret\" (sensitive)"),
            ("secret == \"s3cret\" ? 1 : 2", "1 (sensitive)"), ("[secret][0]", "\"s3cret\" (sensitive)"),
            ("length([secret])", "1 (sensitive)"), ("[for x in [secret] : x]", "[\"s3cret\"]"),
            ("convert([secret], set(string))", "[\"s3cret\"] (sensitive)"),
        ]
    )
    func unknowns(_ text: String, _ result: String) { #expect(evaluated(text) == result) }

    @Test("near names are offered")
    func nearNames() {
        let advice = { (text: String) in
            HCLExpression.parse(text, name: "x").expression.value(in: testScope).diagnostics.first?.advice
        }
        #expect(advice("lst") == "Did you mean \"list\"?")
        #expect(advice("uper(\"a\")") == "Did you mean \"upper\"?")
        #expect(advice("object.siez") == "Did you mean \"size\"?")
    }

    @Test("a problem says what the names around it stand for")
    func notes() {
        let notes = { (text: String) in
            HCLExpression.parse(text, name: "x").expression.value(in: testScope).diagnostics.first?.notes.map(\.text)
                ?? []
        }
        #expect(notes("[1, list[object.size]]") == ["list is list of string with 2 elements", "object.size is 3"])
        #expect(notes("object.name + 1") == ["object.name is \"box\""])
        #expect(notes("secret + 1") == ["secret is a value that is not shown"])
        #expect(notes("nothing") == [])
    }

    @Test("where nothing is allowed, that is said instead of unknown names")
    func constants() {
        #expect(evaluated("x.y", in: .constant) == "1:1-1:4 Variables not allowed")
        #expect(evaluated("f(1)", in: .constant) == "1:1-1:5 Function calls not allowed")
    }

    @Test("all problems of an expression are reported")
    func allAtOnce() {
        #expect(evaluated("[nothing, object.x, upper()]").split(separator: "\n").count == 3)
    }
}
