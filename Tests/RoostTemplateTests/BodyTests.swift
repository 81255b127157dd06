import RoostLanguage
import Testing

@testable import RoostTemplate

@Suite("Bodies")
struct BodyTests {
    private let schema = HCLBodySchema(
        attributes: [.init("name", required: true), .init("size")],
        blocks: [.init("disk"), .init("source", labels: ["type", "name"])]
    )

    private func problems(_ text: String, json: Bool = false) -> String {
        let file = json ? HCLFile(json: Array(text.utf8), name: "x.json") : HCLFile(native: Array(text.utf8), name: "x")
        return listed(file.diagnostics.isEmpty ? file.body.content(schema).diagnostics : file.diagnostics)
    }

    @Test(
        "what a body may not hold is said at its place",
        arguments: [
            ("name = 1\nnmae = 2\n", "2:1-2:5 Unsupported argument"),
            ("size = 1\n", "1:1-1:1 Missing required argument"),
            ("name = 1\ndisc {}\n", "2:1-2:5 Unsupported block type"),
            ("name = 1\nsource \"a\" {}\n", "2:12-2:13 Missing name for source"),
            ("name = 1\ndisk \"a\" {}\n", "2:6-2:9 Extraneous label for disk"),
            ("name = 1\ndisk = 2\n", "2:1-2:5 Unsupported argument"),
            ("name {}\nname = 1\n", "1:1-1:5 Unsupported block type"),
            ("name = 1\nname = 2\n", "2:1-2:5 Attribute redefined"),
            ("name = 1, size = 2\n", "1:9-1:10 Unexpected comma after argument"),
            ("disk {\n", "1:6-1:7 Unclosed configuration block"),
            ("name = \"a\nb\"\n", "1:10-2:1 Invalid multi-line string\n1:10-2:1 Unterminated template string"),
            ("\"name\" = 1\n", "1:1-1:2 Invalid argument name"),
            ("name = 'a'\n", "1:8-1:9 Invalid character\n1:8-1:9 Invalid expression"),
            ("name = 1 & 2\n", "1:10-1:11 Unsupported operator\n1:10-1:11 Missing newline after argument"),
        ]
    )
    func native(_ text: String, _ expected: String) { #expect(problems(text) == expected) }

    @Test(
        "the JSON syntax is judged by the same schema",
        arguments: [
            ("{\"name\": 1, \"//\": \"comment\", \"disk\": [{}, {}], \"source\": {\"a\": {\"b\": {}, \"c\": {}}}}", ""),
            ("{\"nmae\": 1}", "1:11-1:12 Missing required argument\n1:2-1:8 Extraneous JSON object property"),
            ("{\"name\": 1, \"source\": {\"a\": 3}}", "1:29-1:30 Missing block label"),
            ("{\"name\": 1, \"disk\": 3}", "1:21-1:22 Incorrect JSON value type"),
            ("{\"name\": 1,}", "1:11-1:12 Trailing comma"),
            ("{\"name\": 01}", "1:10-1:12 Invalid JSON value"),
            ("{\"name\": \"a ${nope\"}", "1:11-1:13 Unclosed template interpolation sequence"),
            ("{\"name\": 1, \"name\": 2}", "1:13-1:19 Duplicate argument"),
        ]
    )
    func json(_ text: String, _ expected: String) { #expect(problems(text, json: true) == expected) }

    @Test("places in JSON texts count escapes as they are written")
    func jsonPlaces() throws {
        let file = HCLFile(json: Array("{\"name\": \"\\u00e9\\n${nothing} ${upper(\\\"a\\\")}\"}".utf8), name: "x.json")
        let content = file.body.content(schema).content
        let (value, found) = try #require(content.attributes["name"]).expression.value(in: testScope)
        #expect(listed(found) == "1:21-1:28 Unknown variable")
        #expect(!value.isWhollyKnown)
    }

    @Test("several files make one body, in which each argument is set once")
    func merged() {
        let first = HCLFile(native: Array("name = 1\ndisk {}\n".utf8), name: "a")
        let second = HCLFile(json: Array("{\"size\": 2, \"name\": 3, \"disk\": {}}".utf8), name: "b.json")
        let (content, found) = HCLBody.merged([first.body, second.body]).content(schema)
        #expect(listed(found) == "1:13-1:19 Duplicate argument")
        #expect(content.blocks.count == 2)
        #expect(Set(content.attributes.keys) == ["name", "size"])
    }

    @Test("dynamic blocks stand for one block per element, at every level")
    func dynamicBlocks() throws {
        let text = """
            dynamic "rule" {
              for_each = { b = [1, 2], a = [3] }
              iterator = each
              content {
                name = each.key
                dynamic "port" {
                  for_each = each.value
                  content { number = port.value + local.base }
                }
              }
            }
            rule {
              name = "last"
            }

            """
        let file = HCLFile(native: Array(text.utf8), name: "x")
        let scope = HCLScope(variables: ["local": .object(["base": .number(10)])])
        let port = HCLDecodingSpec.blockList(
            type: "port",
            .attribute(name: "number", type: .number, isRequired: true),
            HCLBlockCount()
        )
        let rule = HCLDecodingSpec.object([
            "name": .attribute(name: "name", type: .string, isRequired: true), "ports": port,
        ])
        let (value, found) = file.body.expandingDynamicBlocks(in: scope).decode(
            .blockList(type: "rule", rule, HCLBlockCount()),
            in: scope
        )
        #expect(found.isEmpty && file.diagnostics.isEmpty)
        #expect(
            value.json
                == "[{\"name\":\"a\",\"ports\":[13]},{\"name\":\"b\",\"ports\":[11,12]},{\"name\":\"last\",\"ports\":[]}]"
        )
    }

    @Test(
        "a dynamic block that makes no sense is an error",
        arguments: [
            ("dynamic \"rul\" {\n  for_each = []\n  content {}\n}\n", "1:9-1:14 Unsupported block type"),
            ("dynamic \"rule\" {\n  for_each = 5\n  content {}\n}\n", "2:14-2:15 Invalid dynamic for_each value"),
            ("dynamic \"rule\" {\n  for_each = []\n}\n", "1:16-1:16 Missing \"content\" block"),
            ("dynamic \"rule\" {\n  content {}\n}\n", "1:16-1:16 Missing required argument"),
        ]
    )
    func wrongDynamicBlocks(_ text: String, _ expected: String) {
        let body = HCLFile(native: Array(text.utf8), name: "x").body.expandingDynamicBlocks(in: testScope)
        #expect(listed(body.content(HCLBodySchema(blocks: [.init("rule")])).diagnostics) == expected)
    }
}
