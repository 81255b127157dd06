import Synchronization

/// What a run of packer said: passes messages on, and keeps what it came to.
final class PackerTranscript: Sendable {
    /// Something to show, and the post-processor that said it.
    typealias Said = (message: BuildMessage, postProcessor: String?)

    private struct Outcome {
        var artifacts: [Int: ImageArtifact] = [:]
        var failure: String?
        /// Of what went wrong, for a packer that ends without a reason.
        var lastErrors: [String] = []
        var leftGroup = false
    }

    private static let keptErrors = 20
    private let name: String
    private let outcome = Mutex(Outcome())

    /// - Parameter name: that of the builder, which stands before what it says.
    init(_ name: String) { self.name = name }

    /// In the order in which packer tells them.
    var artifacts: [ImageArtifact] {
        outcome.withLock { $0.artifacts.sorted { $0.key < $1.key }.map(\.value) }
    }

    /// Why it failed, in its own words.
    var failure: String? {
        outcome.withLock { outcome in
            outcome.failure ?? (outcome.lastErrors.isEmpty ? nil : outcome.lastErrors.joined(separator: "\n"))
        }
    }

    /// Whether azure-arm said that it could not take away its resource group.
    var leftGroup: Bool { outcome.withLock { $0.leftGroup } }

    /// Takes a line of standard output.
    ///
    /// - Returns: what is to be shown of it.
    func take(_ line: String) -> [Said] {
        switch PackerLine(line) {
        case .ui(let kind, let text): return said(kind, text)
        case .artifact(let place, let part, let values):
            outcome.withLock { Self.add(part, values, to: &$0.artifacts[place, default: .init()]) }
        case .failed(let reason): outcome.withLock { $0.failure = reason }
        case .other(let text): return takeError(text)
        case .passedOver: break
        }
        return []
    }

    /// Takes a line that is none of its protocol.
    func takeError(_ line: String) -> [Said] {
        guard !line.isEmpty else { return [] }
        note(line)
        return [(.error(line), nil)]
    }

    private static func add(_ part: String, _ values: [String], to artifact: inout ImageArtifact) {
        switch part {
        case "builder-id": artifact.builderID = values.first ?? ""
        case "id": artifact.id = values.first ?? ""
        case "string": artifact.text = values.joined(separator: ",")
        case "file": artifact.files.append(values.dropFirst().joined(separator: ","))
        default: break
        }
    }

    private func note(_ text: String) {
        outcome.withLock { outcome in
            outcome.lastErrors.append(text)
            if text.contains("Error deleting resource group") { outcome.leftGroup = true }
            if outcome.lastErrors.count > Self.keptErrors { outcome.lastErrors.removeFirst() }
        }
    }

    // MARK: Texts

    /// How it sums up at its end, which is done here for all targets together.
    private static let summaries = [
        "Build '", "\n==> Wait completed", "\n==> Builds finished", "\n==> Some builds", "==> Wait completed",
        "==> Builds finished", "==> Some builds", "--> ", "Cleanly cancelled builds", "\nCleanly cancelled builds",
    ]

    private func said(_ kind: PackerLine.Kind, _ text: String) -> [Said] {
        guard !Self.summaries.contains(where: text.hasPrefix) else { return [] }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var all: [Said] = []
        for line in lines {
            let (bare, processor) = withoutName(line)
            // Blank lines between its own paragraphs say nothing.
            if bare.isEmpty, bare == line { continue }
            if kind == .error, bare == line || bare.contains("resource group") { note(bare) }
            switch kind {
            case .say: all.append((.step(bare), processor))
            case .message: all.append((.detail(bare), processor))
            case .error: all.append((.error(bare), processor))
            }
        }
        return all
    }

    /// Without `==> NAME: ` or `==> NAME (PROCESSOR): `.
    private func withoutName(_ line: String) -> (text: String, postProcessor: String?) {
        var rest = line[...]
        guard rest.hasPrefix("==> ") || rest.hasPrefix("    ") else { return (line, nil) }
        rest = rest.dropFirst(4)
        guard rest.hasPrefix(name) else { return (line, nil) }
        rest = rest.dropFirst(name.count)
        if rest.hasPrefix(": ") { return (String(rest.dropFirst(2)), nil) }
        if rest == ":" { return ("", nil) }
        guard rest.hasPrefix(" ("), let end = rest.firstRange(of: "): ") else { return (line, nil) }
        let processor = rest[..<end.lowerBound].dropFirst(2)
        return (String(rest[end.upperBound...]), String(processor))
    }
}

extension ImageArtifact {
    fileprivate init() { self.init(builderID: "", id: "", text: "") }
}
