import Foundation
import RoostImages
import RoostModel
import Synchronization

/// Shows a build in the timeline of the job that runs it: logging commands that make records below the job's step.
final class ImageBuildRecords: Sendable {
    struct State {
        var orders: [String: Int] = [:]
        var phases: [String: (id: UUID, phase: ImageBuildPhase)] = [:]
        var steps: [String: UUID] = [:]
        var targets: [String: UUID] = [:]
        var namedOutputs: Set<String> = []
    }

    private let state = Mutex(State())
    private let print: @Sendable (String) -> Void

    /// - Parameter print: writes a line where the agent reads it.
    init(_ print: @escaping @Sendable (String) -> Void = { Terminal.print($0) }) { self.print = print }

    func take(_ event: ImageBuildEvent) {
        let lines = state.withLock { state in state.lines(of: event) }
        for line in lines { print(line) }
    }
}

extension ImageBuildRecords.State {
    mutating func lines(of event: ImageBuildEvent) -> [String] {
        switch event.kind {
        case .message: []
        case .progress(.phase(let phase)): begin(phase, of: event.target)
        case .progress(.stepBegan(let place, let title)): begin(place, title, of: event.target)
        case .progress(.stepEnded(let report)): end(report, of: event.target)
        case .progress(.output(let output)): show(output, of: event.target)
        case .finished(_, let artifacts): finish(artifacts, of: event.target)
        case .failed: end(event.target, .failed)
        }
    }

    private mutating func next(_ kind: String) -> Int {
        orders[kind, default: 0] += 1
        return orders[kind] ?? 1
    }

    private mutating func record(of target: String) -> (id: UUID, lines: [String]) {
        if let known = targets[target] { return (known, []) }
        let id = UUID()
        targets[target] = id
        return (id, [Self.made(id, nil, .imageTarget, target, next("target"))])
    }

    private mutating func begin(_ phase: ImageBuildPhase, of target: String) -> [String] {
        let (parent, above) = record(of: target)
        var lines = above
        if let open = phases[target] { lines.append(Self.ended(open.id, .succeeded)) }
        let id = UUID()
        phases[target] = (id, phase)
        lines.append(Self.made(id, parent, .imagePhase, phase.rawValue, next("phase")))
        return lines
    }

    private mutating func begin(_ place: Int, _ title: String, of target: String) -> [String] {
        let id = UUID()
        steps["\(target) \(place)"] = id
        return [Self.made(id, phases[target]?.id ?? targets[target], .imageStep, "\(place). \(title)", next("step"))]
    }

    private mutating func end(_ report: ImageStepReport, of target: String) -> [String] {
        guard let id = steps.removeValue(forKey: "\(target) \(report.place)") else { return [] }
        switch report.outcome {
        case .done: return [Self.ended(id, .succeeded)]
        case .reused: return [Self.ended(id, .succeeded, ImageRunReading.reused)]
        case .failed: return [Self.ended(id, .failed, report.reason ?? "")]
        }
    }

    /// A file becomes an artifact of the run, because the folder of a job is its own.
    private mutating func show(_ output: ImageBuildOutput, of target: String) -> [String] {
        namedOutputs.insert(target)
        let id = UUID()
        let made = Self.made(id, targets[target], .imageOutput, output.name, next("output"))
        guard let place = output.place else { return [made, Self.ended(id, .failed, output.problem ?? "")] }
        guard output.kind != "SharedImage" else { return [made, Self.ended(id, .succeeded, place)] }
        return [made, Self.upload(place, as: output.name), Self.ended(id, .succeeded, "artifact:\(output.name)")]
    }

    /// Builders that name no outputs have made files, or a version of a gallery.
    private mutating func finish(_ artifacts: [ImageArtifact], of target: String) -> [String] {
        guard !namedOutputs.contains(target) else { return end(target, .succeeded) }
        var lines: [String] = []
        for artifact in artifacts {
            if artifact.id.hasPrefix("/galleries/") {
                lines += show(ImageBuildOutput(name: target, kind: "SharedImage", place: artifact.id), of: target)
            }
            for file in artifact.files {
                let name = (file as NSString).lastPathComponent
                lines += show(ImageBuildOutput(name: name, kind: "File", place: file), of: target)
            }
        }
        return lines + end(target, .succeeded)
    }

    private mutating func end(_ target: String, _ result: TaskResult) -> [String] {
        let open = [phases.removeValue(forKey: target)?.id, targets[target]].compactMap(\.self)
        return open.map { Self.ended($0, result) }
    }

    // MARK: Lines

    private static func made(_ id: UUID, _ parent: UUID?, _ kind: RecordKind, _ name: String, _ order: Int) -> String {
        let above = parent.map { "parentid=\($0.uuidString.lowercased());" } ?? ""
        return "##vso[task.logdetail id=\(id.uuidString.lowercased());\(above)type=\(kind.rawValue);"
            + "name=\(property(name));order=\(order);state=InProgress]"
    }

    private static func ended(_ id: UUID, _ result: TaskResult, _ text: String = "") -> String {
        let word = result == .succeeded ? "Succeeded" : "Failed"
        return "##vso[task.logdetail id=\(id.uuidString.lowercased());state=Completed;result=\(word)]\(data(text))"
    }

    private static func upload(_ path: String, as name: String) -> String {
        "##vso[artifact.upload artifactname=\(property(name))]\(data(path))"
    }

    private static func data(_ text: String) -> String {
        text.replacing("%", with: "%AZP25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private static func property(_ text: String) -> String {
        data(text).replacing(";", with: "%3B").replacing("]", with: "%5D")
    }
}
