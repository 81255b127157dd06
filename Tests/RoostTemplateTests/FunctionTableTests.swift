import Foundation
import RoostTesting
import Testing

@testable import RoostTemplate

/// Every function that Packer's documentation lists, with an answer; those that old versions have too are asked of the real packer.
@Suite("The table of functions")
struct FunctionTableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let expression: String
        /// As JSON.
        let answer: String
        /// Not in Packer 1.6.6.
        var isNew = false

        var testDescription: String { expression }
        var name: String { String(expression.prefix { $0 != "(" }) }

        init(_ expression: String, _ answer: String, new: Bool = false) {
            self.expression = expression
            self.answer = answer
            isNew = new
        }
    }

    private static let numbers = [
        Row("abs(-3.5)", "3.5"), Row("ceil(1.1)", "2"), Row("floor(-1.1)", "-2"), Row("log(16, 2)", "4"),
        Row("max(3, 12, 9)", "12"), Row("min(3, 12, 9)", "3"), Row("parseint(\"FF\", 16)", "255"),
        Row("pow(2, 10)", "1024"), Row("signum(-9)", "-1"), Row("sum([1, 2.5])", "3.5", new: true),
    ]

    private static let texts = [
        Row(#"chomp("a\n\n")"#, #""a""#),
        Row(#"format("%05.1f|%-4s|%q|%x", 2.25, "a", "b", 255)"#, #""002.2|a   |\"b\"|ff""#),
        Row(#"formatlist("%s-%s", ["a", "b"], "c")"#, #"["a-c","b-c"]"#), Row(#"indent(2, "a\nb")"#, #""a\n  b""#),
        Row(#"join("-", ["a", "b"])"#, #""a-b""#), Row(#"lower("ÄB")"#, #""äb""#), Row(#"upper("äß")"#, #""Äß""#),
        Row(#"title("two words")"#, #""Two Words""#), Row(#"replace("a.b.c", ".", "-")"#, #""a-b-c""#),
        Row(#"regex("([a-z]+)([0-9]+)", "ab12")"#, #"["ab","12"]"#, new: true),
        Row(#"regexall("[0-9]", "a1b2")"#, #"["1","2"]"#, new: true),
        Row(#"regex_replace("a1b2", "([0-9])", "<$1>")"#, #""a\u003c1\u003eb\u003c2\u003e""#),
        Row(#"split(",", "a,b,")"#, #"["a","b",""]"#), Row(#"startswith("abc", "ab")"#, "true", new: true),
        Row(#"endswith("abc", "ab")"#, "false", new: true), Row(#"strcontains("abc", "b")"#, "true", new: true),
        Row(#"strrev("äb")"#, #""bä""#), Row(#"substr("hello", -3, 2)"#, #""ll""#), Row(#"trim("--a-", "-")"#, #""a""#),
        Row(#"trimprefix("abc", "a")"#, #""bc""#), Row(#"trimsuffix("abc", "c")"#, #""ab""#),
        Row(#"trimspace("  a\t")"#, #""a""#),
    ]

    private static let collections = [
        Row("alltrue([true, false])", "false", new: true), Row("anytrue([true, false])", "true", new: true),
        Row(#"chunklist(["a", "b", "c"], 2)"#, #"[["a","b"],["c"]]"#), Row(#"coalesce(null, "", "b")"#, #""b""#),
        Row(#"coalescelist([], ["a"])"#, #"["a"]"#), Row(#"compact(["a", "", "b"])"#, #"["a","b"]"#),
        Row(#"concat(["a"], ["b"])"#, #"["a","b"]"#), Row(#"contains(["a"], "b")"#, "false"),
        Row(#"distinct(["a", "b", "a"])"#, #"["a","b"]"#), Row(#"element(["a", "b"], 3)"#, #""b""#),
        Row("flatten([[1, [2]], [3]])", "[1,2,3]"), Row(#"index(["a", "b"], "b")"#, "1", new: true),
        Row("keys({ b = 1, a = 2 })", #"["a","b"]"#), Row(#"length("äb")"#, "2"),
        Row(#"lookup({ a = "x" }, "b", "y")"#, #""y""#), Row("merge({ a = 1 }, { a = 2, b = 3 })", #"{"a":2,"b":3}"#),
        Row("range(1, 7, 3)", "[1,4]"), Row("reverse([1, 2])", "[2,1]"),
        Row(#"setintersection(["a", "b"], ["b"])"#, #"["b"]"#),
        Row(#"setproduct(["a"], ["b", "c"])"#, #"[["a","b"],["a","c"]]"#),
        Row(#"setunion(["a"], ["b", "a"])"#, #"["a","b"]"#),
        Row(#"slice(["a", "b", "c"], 1, 2)"#, #"["b"]"#), Row(#"sort(["b", "a"])"#, #"["a","b"]"#),
        Row("values({ b = 1, a = 2 })", "[2,1]"), Row(#"zipmap(["a", "b"], [1, 2])"#, #"{"a":1,"b":2}"#),
    ]

    private static let encodings = [
        Row(#"base64encode("hé")"#, #""aMOp""#), Row(#"base64decode("aMOp")"#, #""hé""#),
        Row(#"csvdecode("a,b\n1,2\n")"#, #"[{"a":"1","b":"2"}]"#),
        Row(#"jsonencode({ b = "<", a = 1 })"#, #""{\"a\":1,\"b\":\"\\u003c\"}""#),
        Row(#"jsondecode("{\"a\": [1]}")"#, #"{"a":[1]}"#),
        Row(#"textencodebase64("é", "ISO-8859-1")"#, #""6Q==""#, new: true),
        Row(#"textdecodebase64("6Q==", "ISO-8859-1")"#, #""é""#, new: true), Row(#"urlencode("a b&c")"#, #""a+b%26c""#),
        Row("yamlencode({ a = [1] })", #""\"a\":\n- 1\n""#), Row(#"yamldecode("a: [1, x]")"#, #"{"a":[1,"x"]}"#),
    ]

    private static let others = [
        Row(#"basename("/a/b.c")"#, #""b.c""#), Row(#"dirname("/a/b.c")"#, #""/a""#),
        Row(#"pathexpand("/a")"#, #""/a""#),
        Row(#"abspath("/a/../b")"#, #""/b""#),
        Row(#"timeadd("2020-01-01T00:00:00Z", "1h30m")"#, #""2020-01-01T01:30:00Z""#),
        Row(
            #"formatdate("EEE, D MMM YYYY h 'o''clock' AA", "2020-02-03T16:05:00Z")"#,
            #""Mon, 3 Feb 2020 16 o'clock PM""#
        ),
        Row(#"rfc3339_parse("2020-02-03T04:05:06Z").weekday_name"#, #""Monday""#, new: true),
        Row(#"unix_timestamp_parse(86400).day"#, "2", new: true),
        Row(#"md5("a")"#, #""0cc175b9c0f1b6a831c399e269772661""#),
        Row(#"sha1("a")"#, #""86f7e437faa5a7fce15d1ddcb9eaeaea377667b8""#),
        Row(#"sha256("a")"#, #""ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb""#),
        Row(#"substr(sha512("a"), 0, 8)"#, #""1f40fc92""#),
        Row(#"uuidv5("dns", "www.example.com")"#, #""2ed6657d-e927-568b-95e1-2665a8aea6a2""#),
        Row(#"cidrhost("10.0.0.0/16", -2)"#, #""10.0.255.254""#),
        Row(#"cidrnetmask("10.0.0.0/12")"#, #""255.240.0.0""#),
        Row(#"cidrsubnet("10.0.0.0/8", 8, 2)"#, #""10.2.0.0/16""#),
        Row(#"cidrsubnets("10.0.0.0/8", 8, 4)"#, #"["10.0.0.0/16","10.16.0.0/12"]"#), Row("can(1 + 1)", "true"),
        Row(#"try(null.a, "b")"#, #""b""#), Row(#"convert("5", number)"#, "5"),
    ]

    static let rows = numbers + texts + collections + encodings + others

    @Test("each gives its answer", arguments: rows)
    func answers(_ row: Row) {
        let scope = HCLScope(functions: HCLFunctions.all(on: HCLSystem(folder: "/", now: Date())))
        #expect(evaluated(row.expression, in: scope) == row.answer)
    }

    @Test("packer gives the same", .enabled(if: ImageProgram.hasPacker, "Packer is not installed"))
    func packer() throws {
        let old = Self.rows.filter { !$0.isNew }
        let program = try ImageProgram(["a.pkr.hcl": ""])
        let whole = "jsonencode([\(old.map(\.expression).joined(separator: ", "))])"
        let theirs = try program.packer("console", "a.pkr.hcl", input: "\(whole)\n").output
        #expect(theirs.trimmingCharacters(in: .newlines) == "[\(old.map(\.answer).joined(separator: ","))]")
    }

    /// Those that depend on more than their arguments have tests of their own.
    private static let elsewhere: Set = [
        "aws_secretsmanager", "aws_secretsmanager_raw", "base64gzip", "bcrypt", "consul_key", "env", "file",
        "filebase64", "fileexists", "fileset", "legacy_isotime", "legacy_strftime", "rsadecrypt", "templatefile",
        "timestamp", "uuidv4", "vault", "sha512",
    ]

    @Test("no function that is documented is missing")
    func whole() {
        let system = HCLSystem(folder: "/", now: Date())
        var known = Set(HCLFunctions.all(on: system).keys)
        known.formUnion(HCLFunctions.inDefaults(environment: [:], lookups: TemplateLookups()).keys)
        let listed = Set(Self.rows.map(\.name)).union(Self.elsewhere)
        #expect(listed.subtracting(known).sorted() == [])
        #expect(known.subtracting(listed).sorted() == ["setsubtract"])
    }
}
