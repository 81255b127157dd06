import Foundation
import RoostLanguage
import Testing

@testable import RoostTemplate

@Suite("Look-ups of templates")
struct LookupTests {
    private static let text = """
        variable "a" {
          default = vault("secret/data/app", "key")
        }
        variable "b" {
          type    = string
          default = upper(consul_key("app/${vault("secret/data/app", "name")}"))
          validation {
            condition     = length(var.b) > 1
            error_message = "It is too short."
          }
        }
        variables {
          c = aws_secretsmanager("n", "k")
          d = aws_secretsmanager("n")
          e = aws_secretsmanager("n", null)
          f = aws_secretsmanager_raw("n")
        }
        locals {
          all = "${var.a}/${var.b}"
        }

        """

    private func evaluate(_ text: String, _ lookups: TemplateLookups = TemplateLookups()) -> PackerEvaluation {
        let file = HCLFile(native: Array(text.utf8), name: "a.pkr.hcl")
        return PackerEvaluation(PackerInput(templates: [file], lookups: lookups), now: Date(timeIntervalSince1970: 0))
    }

    @Test("what is not known is asked for once, and counts as unknown and secret")
    func unknown() {
        let lookups = TemplateLookups()
        let evaluation = evaluate(Self.text, lookups)
        #expect(evaluation.diagnostics.isEmpty)
        #expect(
            lookups.unanswered == [
                .vault(path: "secret/data/app", key: "key"), .vault(path: "secret/data/app", key: "name"),
                .awsSecret(name: "n", key: "k"), .awsSecret(name: "n", key: nil), .awsSecretText(name: "n"),
            ]
        )
        #expect(evaluation.locals["all"]?.isWhollyKnown == false)
        #expect(evaluation.locals["all"]?.isSensitive == true)
    }

    @Test("answers lead to further questions, until nothing is left to ask")
    func rounds() async {
        let answers: [TemplateLookup: TemplateAnswer] = [
            .vault(path: "secret/data/app", key: "key"): .found(.string("s3cret")),
            .vault(path: "secret/data/app", key: "name"): .found(.string("web")),
            .consul(key: "app/web"): .found(.string("port")),
        ]
        let evaluation = await TemplateLookups.settled { asked in
            answers.filter { asked.contains($0.key) }
        } read: {
            evaluate(Self.text, $0)
        }
        #expect(evaluation.diagnostics.isEmpty)
        #expect(evaluation.locals["all"]?.json == "\"s3cret/PORT\"")
        #expect(evaluation.locals["all"]?.consoleText == "<sensitive>")
        #expect(evaluation.variables["c"]?.value.isWhollyKnown == false)
    }

    @Test("questions that never end are given up")
    func endless() async {
        let text = "variable \"a\" {\n  default = consul_key(uuidv4())\n}\n"
        let reading = await TemplateLookups.settled(limit: 3) { asked in
            Dictionary(uniqueKeysWithValues: asked.map { ($0, .found(.string("x"))) })
        } read: {
            evaluate(text, $0).variables["a"]
        }
        #expect(reading?.value.isWhollyKnown == false)
    }

    @Test("a look-up that failed is an error where it is called, with its reason")
    func failure() throws {
        let reason = "Vault answers with status 403 (http://v/v1/secret). Look whether VAULT_TOKEN is right."
        let lookups = TemplateLookups([.vault(path: "secret/data/app", key: "key"): .failed(reason)])
        let problems = evaluate(Self.text, lookups).diagnostics
        #expect(listed(problems) == "2:13-2:19 Error in function call")
        #expect(try #require(problems.first?.detail) == "Call to function \"vault\" failed: \(reason)")
    }

    @Test(
        "elsewhere than in defaults these functions say where they may be called",
        arguments: [
            "env(\"A\")", "vault(\"a\", \"b\")", "consul_key(\"a\")", "aws_secretsmanager(\"a\")",
            "aws_secretsmanager_raw(var.later)",
        ]
    )
    func elsewhere(_ call: String) throws {
        let problems = evaluate(
            "variable \"later\" {\n  default = vault(\"a\", \"b\")\n}\nlocals {\n  x = \(call)\n}\n"
        )
        .diagnostics
        #expect(problems.count == 1)
        let problem = try #require(problems.first)
        #expect(
            problem.detail?.contains("in the default of a variable only; declare one, and use var.NAME here") == true
        )
        #expect(problem.span?.start.line == 5)
    }

    @Test(
        "bcrypt makes the hashes that others make",
        arguments: [
            ("", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."),
            ("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"),
            ("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
        ]
    )
    func bcrypt(_ text: String, _ hash: String) {
        let salt = decoded(hash.dropFirst(7).prefix(22))
        let system = HCLSystem(folder: "/", now: Date(), random: { _ in salt })
        let scope = HCLScope(functions: HCLFunctions.all(on: system))
        #expect(evaluated("bcrypt(\"\(text)\", 6)", in: scope) == "\"\(hash)\"")
    }

    @Test(
        "bcrypt refuses what it cannot hash",
        arguments: [
            ("bcrypt(\"x\", 17)", "1:13-1:15 Invalid function argument"),
            ("bcrypt(\"x\", 4.5)", "1:13-1:16 Invalid function argument"),
            ("bcrypt(\"x\", 4, 5)", "1:1-1:8 Error in function call"),
            ("bcrypt(\"\(String(repeating: "é", count: 37))\")", "1:9-1:46 Invalid function argument"),
            ("substr(bcrypt(\"x\"), 0, 7)", "\"$2a$10$\""),
            ("substr(bcrypt(\"x\", 1), 0, 7)", "\"$2a$10$\""),
            ("length(bcrypt(\"x\", 4))", "60"),
        ]
    )
    func bcryptBounds(_ call: String, _ expected: String) {
        let scope = HCLScope(functions: HCLFunctions.all(on: HCLSystem(folder: "/", now: Date())))
        #expect(evaluated(call, in: scope) == expected)
    }

    /// The bytes of a salt, six bits in each character.
    private func decoded(_ text: Substring) -> [UInt8] {
        let alphabet = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        let bits = text.flatMap { character in
            let number = alphabet.firstIndex(of: character) ?? 0
            return (0..<6).reversed().map { number >> $0 & 1 }
        }
        return (0..<16).map { byte in UInt8(bits[(byte * 8)..<(byte * 8 + 8)].reduce(0) { $0 << 1 | $1 }) }
    }
}
