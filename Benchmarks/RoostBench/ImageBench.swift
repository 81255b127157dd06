import Foundation
import RoostTesting

/// `roost image validate` and `inspect` beside Debian's packer, on templates that are made for it.
struct ImageBench {
    /// Nil where there is none.
    let packer: String?
    let folder: String

    static func run() throws -> [Measurement] {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/packer" }
        let packer = paths.first { FileManager.default.isExecutableFile(atPath: $0) }
        return try ImageBench(packer: packer, folder: folder.path).measure()
    }

    /// One template in one language.
    private struct Case {
        var name: String
        var file: String
        var text: String
        var turns: Int
        var hasPeer = true
    }

    private var cases: [Case] {
        let small = ImageBenchTemplate(builds: 1, provisioners: 2)
        let middle = ImageBenchTemplate(builds: 20, provisioners: 5)
        let large = ImageBenchTemplate(builds: 200, provisioners: 5)
        let variables = ImageBenchTemplate(builds: 1, provisioners: 2, variables: 2000)
        return [
            Case(name: "1 source, 2 provisioners, HCL2", file: "a.pkr.hcl", text: small.hcl, turns: 21),
            Case(name: "the same, JSON", file: "a.json", text: small.json, turns: 21),
            Case(name: "20 sources, 100 provisioners, HCL2", file: "b.pkr.hcl", text: middle.hcl, turns: 5),
            Case(name: "the same, JSON", file: "b.json", text: middle.json, turns: 5),
            // The peer starts a process for each, which is more than a machine has memory for.
            Case(
                name: "200 sources, 1,000 provisioners, HCL2",
                file: "c.pkr.hcl",
                text: large.hcl,
                turns: 5,
                hasPeer: false
            ),
            Case(name: "the same, JSON", file: "c.json", text: large.json, turns: 5, hasPeer: false),
            Case(name: "2,000 variables, HCL2", file: "d.pkr.hcl", text: variables.hcl, turns: 11),
            Case(name: "the same, JSON", file: "d.json", text: variables.json, turns: 11),
        ]
    }

    private func measure() throws -> [Measurement] {
        let reading = try cases.flatMap { item in
            try Data(item.text.utf8).write(to: URL(filePath: "\(folder)/\(item.file)"))
            return try ["validate", "inspect"].flatMap { try measure(item, $0) }
        }
        return try reading
            + building.flatMap { item in
                try Data(item.text.utf8).write(to: URL(filePath: "\(folder)/\(item.file)"))
                return try measure(item, "build")
            }
    }

    /// Builds whose provisioners do next to nothing themselves.
    private var building: [Case] {
        let steps = ImageBenchTemplate(builds: 1, provisioners: 100)
        let lines = """
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
              provisioner "shell-local" {
                inline = ["seq 10000"]
              }
            }

            """
        return [
            Case(name: "100 provisioners shell-local, HCL2", file: "e.pkr.hcl", text: steps.hcl, turns: 3),
            Case(name: "10,000 lines of output, HCL2", file: "f.pkr.hcl", text: lines, turns: 3),
        ]
    }

    private func measure(_ item: Case, _ command: String) throws -> [Measurement] {
        let path = "\(folder)/\(item.file)"
        let own = program(["\(ChildProgram.buildFolder)/roost", "image", command, path])
        let peer = item.hasPeer ? packer.map { program([$0, command, path]) } : nil
        return [
            Measurement(
                name: "\(command): \(item.name)",
                value: try median(own, item.turns) * 1000,
                unit: "ms",
                peer: try peer.map { try median($0, item.turns) * 1000 }
            ),
            Measurement(name: "  memory at most", value: try own.peak(), unit: "MB", peer: try peer?.peakOfAll()),
        ]
    }

    private func program(_ words: [String]) -> MeasuredProgram {
        let environment = ["CHECKPOINT_DISABLE": "1", "PACKER_CONFIG_DIR": folder, "HOME": folder, "PACKER_LOG": ""]
        return MeasuredProgram(words: words, environment: environment)
    }

    /// The median of the times, in seconds.
    private func median(_ program: MeasuredProgram, _ turns: Int) throws -> Double {
        let uses = try (0..<turns).map { _ in try program.run() }
        guard uses.allSatisfy({ $0.code == 0 }) else {
            throw TestFailure("\(program.words.joined(separator: " ")) ended with \(uses.map(\.code))")
        }
        return Statistics.median(uses.map(\.seconds))
    }
}

/// A template of a size, in both languages: builds of one source each, with provisioners that use variables.
struct ImageBenchTemplate {
    var builds: Int
    /// Of each build.
    var provisioners: Int
    var variables = 3

    var hcl: String {
        var text = ""
        for number in 0..<variables {
            text += """
                variable "v\(number)" {
                  type        = string
                  default     = "value \(number)"
                  description = "The variable \(number)."
                }

                """
        }
        text += "locals {\n  prefix = \"${var.v0}-${var.v1}\"\n}\n"
        for build in 0..<builds {
            text +=
                "source \"null\" \"s\(build)\" {\n  communicator = \"none\"\n}\nbuild {\n  name    = \"b\(build)\"\n"
            text += "  sources = [\"source.null.s\(build)\"]\n"
            for step in 0..<provisioners {
                text += """
                      provisioner "shell-local" {
                        inline           = ["echo ${local.prefix} \(step)", "echo ${upper(var.v2)}"]
                        environment_vars = ["STEP=\(step)", "NAME=${source.name}"]
                      }

                    """
            }
            text += "}\n"
        }
        return text
    }

    /// All provisioners stand in one list; each is for one builder only.
    var json: String {
        let values = (0..<variables).map { "\"v\($0)\": \"value \($0)\"" }
        let builders = (0..<builds).map {
            "{\"type\": \"null\", \"name\": \"s\($0)\", \"communicator\": \"none\"}"
        }
        let steps = (0..<builds).flatMap { build in
            (0..<provisioners).map { step in
                """
                {"type": "shell-local", "only": ["s\(build)"], "inline": ["echo {{user `v0`}} \(step)", "echo {{user `v2` | upper}}"],
                 "environment_vars": ["STEP=\(step)", "NAME={{build_name}}"]}
                """
            }
        }
        return """
            {"variables": {\(values.joined(separator: ",\n"))},
             "builders": [\(builders.joined(separator: ",\n"))],
             "provisioners": [\(steps.joined(separator: ",\n"))]}
            """
    }
}
