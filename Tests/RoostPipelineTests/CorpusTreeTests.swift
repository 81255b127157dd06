import Foundation
import RoostLanguage
import RoostPipeline
import Testing

/// What twenty real pipelines expand to, pinned: every stage, job and step with the file and line it came from, and a digest of the rest.
///
/// All twenty were compared, key by key and value by value, with what a second expander makes of the same files that shares no code with
/// this one. Most were also read beside their sources, some in full, of others the conditions, parameters and beginnings; those of dotnet/try,
/// dotnet/machinelearning and sonic-swss were compared by machine only. What differed: `templateContext` is read and not printed (microsoft/terminal), and `coalesce` gave texts for booleans, so that a step of
/// OpenAstronomy's templates ran where its parameter was `false`.
///
/// `Fixtures/Corpus/NAME.tree` holds names and places only. A difference in the digest alone is a difference in the text of the expanded file.
@Suite("Expansion of real pipelines", .enabled(if: Corpus.folder != nil, "\(Corpus.absence)"))
struct CorpusTreeTests {
    static let folder = Fixture.folder.appending(path: "Corpus")

    /// Chosen for what they use: templates in templates, loops, `extends`, matrices, deployments, variables by template, old parameters.
    static let chosen: [String] = [
        "AArnott/Library.Template/azure-pipelines.yml",
        "Azure/azure-devops-cli-extension/.azure-pipelines/azure-pipelines-merge.yml",
        "AzureAD/AzureADAssessment/build/azure-pipelines/azure-pipelines-cd.yml",
        "ONSdigital/blaise-azure-pipelines/pipelines/configure_blaise.yml",
        "OpenAstronomy/azure-pipelines-templates/azure-pipelines.yml",
        "Serviceware/Dibix/build/release.yml",
        "TelegramBots/Telegram.Bot/.azure-pipelines/ci.yml",
        "akkadotnet/akka.net/build-system/pr-validation.yaml",
        "bashtage/arch/azure-pipelines.yml",
        "conda-forge/numpy-feedstock/azure-pipelines.yml",
        "crate-ci/azure-pipelines/azure-pipelines.yml",
        "dotnet/try/azure-pipelines.yml",
        "dotnet/machinelearning/.vsts-dotnet-ci.yml",
        "h5py/h5py/azure-pipelines.yml",
        "microsoft/STL/azure-pipelines.yml",
        "microsoft/coe-alm-accelerator-templates/Pipelines/export-solution-to-git-pipelines.yml",
        "microsoft/retina/.azure-pipelines/ci.yml",
        "microsoft/terminal/build/pipelines/ci.yml",
        "microsoft/vs-threading/azure-pipelines.yml",
        "sonic-net/sonic-swss/azure-pipelines.yml",
    ]

    @Test("a real pipeline expands to the tree that was reviewed", arguments: chosen)
    func tree(_ name: String) throws {
        let entry = try #require(Corpus.entries.first { "\($0.repository)/\($0.root)" == name })
        let result = try entry.compile(entry.requestWithRequiredParameters())
        let expanded = try #require(result.expanded)
        let text = Self.render(name, expanded)
        let file = Self.folder.appending(path: name.replacing("/", with: "__") + ".tree")
        if ProcessInfo.processInfo.environment["ROOST_UPDATE_SNAPSHOTS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        #expect(try text == String(contentsOf: file, encoding: .utf8))
    }

    private static func render(_ name: String, _ expanded: ExpandedPipeline) -> String {
        let lines = expanded.lines
        var text = "\(name)\n\(lines.count) lines, digest \(digest(expanded.yaml))\n"
        for line in lines {
            guard let item = item(line.text), let origin = line.origin else { continue }
            let way = line.includedFrom.isEmpty ? "" : " by \(line.includedFrom.count)"
            text += "\(item)  \(origin.file):\(origin.line)\(way)\n"
        }
        return text
    }

    private static let kinds: Set<String> = [
        "stage", "job", "deployment", "task", "script", "bash", "pwsh", "powershell", "checkout", "publish", "download",
    ]
    /// Kinds whose value is a name, not a text of the pipeline.
    private static let named: Set<String> = ["stage", "job", "deployment", "task", "checkout", "download"]

    /// `stage Build`, indented, of a line that begins a stage, a job or a step.
    private static func item(_ line: String) -> String? {
        let indentation = line.prefix { $0 == " " }
        let rest = line.dropFirst(indentation.count)
        guard rest.hasPrefix("- "), let colon = rest.firstIndex(of: ":") else { return nil }
        let kind = String(rest[rest.index(rest.startIndex, offsetBy: 2)..<colon])
        guard kinds.contains(kind) else { return nil }
        let value = rest[rest.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        return "\(indentation)\(kind)\(named.contains(kind) && !value.isEmpty ? " \(value)" : "")"
    }

    /// FNV-1a, 64 bits.
    private static func digest(_ text: String) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return String(value, radix: 16)
    }
}
