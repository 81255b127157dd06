import Foundation
import RoostLanguage
import Testing

@testable import RoostTemplate

@Suite("Data sources of Packer templates")
struct DataSourceTests {
    private func evaluate(
        _ text: String,
        evaluating: Bool = true,
        _ lookups: TemplateLookups = TemplateLookups()
    ) -> PackerEvaluation {
        let file = HCLFile(native: Array(text.utf8), name: "a.pkr.hcl")
        let input = PackerInput(templates: [file], lookups: lookups, evaluatesDataSources: evaluating)
        return PackerEvaluation(input, now: Date(timeIntervalSince1970: 0))
    }

    private static let text = """
        data "null" "first" {
          input = "${local.host}/${data.null.second.output}"
        }
        data "null" "second" {
          input = upper(local.word)
        }
        data "http" "page" {
          url             = "https://${data.null.first.output}"
          request_headers = { Accept = "text/plain" }
        }
        locals {
          host = "example.com"
          word = "x"
          page = jsondecode(data.http.page.body).key
          all  = keys(data.null)
        }

        """

    @Test("they and locals are computed in the order in which they need each other")
    func order() {
        let request = TemplateRequest(url: "https://example.com/X", headers: ["Accept": "text/plain"])
        let page = HCLValue.object(["body": .string("{\"key\": 7}")])
        let evaluation = evaluate(Self.text, TemplateLookups([.http(request): .found(page)]))
        #expect(listed(evaluation.diagnostics) == "")
        #expect(evaluation.locals["page"]?.json == "7")
        #expect(evaluation.locals["all"]?.json == "[\"first\",\"second\"]")
        #expect(evaluated("data.null.first.output", in: evaluation.scope) == "\"example.com/X\"")
    }

    @Test("without being evaluated they ask nothing, and what they give is unknown, but not what it is made of")
    func unevaluated() {
        let lookups = TemplateLookups()
        let evaluation = evaluate(Self.text, evaluating: false, lookups)
        #expect(lookups.unanswered.isEmpty)
        #expect(listed(evaluation.diagnostics) == "")
        #expect(evaluation.locals["page"]?.isWhollyKnown == false)
        #expect(evaluated("data.http.page.bdoy", in: evaluation.scope) == "1:15-1:20 Unsupported attribute")
    }

    @Test("a page is asked for when its address is known, and then it is a value")
    func asked() async {
        let evaluation = await TemplateLookups.settled { asked in
            Dictionary(
                uniqueKeysWithValues: asked.map { ($0, .found(.object(["body": .string("{\"key\": \"v\"}")]))) }
            )
        } read: {
            evaluate(Self.text, $0)
        }
        #expect(listed(evaluation.diagnostics) == "")
        #expect(evaluation.locals["page"]?.json == "\"v\"")
    }

    @Test("why a page could not be had is said at its address, which is hidden when it is secret")
    func failure() {
        let text = """
            variable "key" {
              default   = "hush"
              sensitive = true
            }
            data "http" "page" {
              method = "POST"
              url    = "https://example.com/${var.key}"
            }

            """
        let request = TemplateRequest(url: "https://example.com/hush", method: "POST")
        let reason = "The server answers with status 404 (https://example.com/hush)."
        let problems = evaluate(text, TemplateLookups([.http(request): .failed(reason)])).diagnostics
        #expect(listed(problems) == "7:12-7:44 Data source without a value")
        #expect(problems.first?.detail == "The server answers with status 404 (•••).")
    }

    @Test(
        "what is wrong in them is said",
        arguments: [
            (
                "data \"null\" \"a\" {\n  inptu = 1\n}\n",
                "component.unknown-option 2:3-2:8"
            ),
            ("data \"nul\" \"a\" {\n}\n", "component.unknown-type 1:6-1:11"),
            ("data \"http\" \"a\" {\n  url    = \"x\"\n  method = \"FETCH\"\n}\n", "component.not-allowed 3:12-3:19"),
            (
                "data \"null\" \"a\" {\n  input = \"1\"\n}\ndata \"null\" \"a\" {\n  input = \"2\"\n}\n",
                "hcl.packer.duplicate 4:1-4:16"
            ),
            (
                "data \"null\" \"a\" {\n  input = local.x\n}\nlocals {\n  x = data.null.a.output\n}\n",
                "hcl.packer.cycle 5:3-5:4"
            ),
            ("data \"null\" \"a\" {\n  input = data.null.b.output\n}\n", "hcl.no-attribute 2:20-2:22"),
            ("locals {\n  x = data.null.a.output\n}\n", "hcl.no-attribute 2:11-2:16"),
            (
                "packer {\n  required_plugins {\n    mine = {\n      source  = \"github.com/x/mine\"\n      version = \">= 1.0\"\n    }\n  }\n}\ndata \"mine-thing\" \"a\" {\n  any = 1\n}\nlocals {\n  x = data.mine-thing.a.b.c\n}\n",
                ""
            ),
        ]
    )
    func wrong(_ text: String, _ expected: String) {
        let problems = evaluate(text).diagnostics.map { problem in
            let place = problem.span.map { "\($0.start.line):\($0.start.column)-\($0.end.line):\($0.end.column)" }
            return "\(problem.code) \(place ?? "")"
        }
        #expect(problems.sorted().joined(separator: "\n") == expected)
    }
}
