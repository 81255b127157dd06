import RoostModel
import Synchronization

/// Passes on what a build writes, and finds in it what packer tells of the image.
final class PackerFacts: ProcessOutput {
    private struct State {
        var line: [UInt8] = []
        var found: [String: String] = [:]
    }

    /// Facts have short lines.
    private static let longestLine = 4096
    private let output: StepOutput
    private let state = Mutex(State())

    init(_ output: StepOutput) { self.output = output }

    /// By their names; of a name that comes again, the last.
    var found: [String: String] {
        state.withLock { state in
            Self.take(&state)
            return state.found
        }
    }

    func receive(_ bytes: UnsafeRawBufferPointer) {
        state.withLock { state in
            for byte in bytes {
                if byte == 10 {
                    Self.take(&state)
                } else if state.line.count < Self.longestLine {
                    state.line.append(byte)
                }
            }
        }
        output.receive(bytes)
    }

    func pause() { output.pause() }

    private static func take(_ state: inout State) {
        defer { state.line.removeAll(keepingCapacity: true) }
        guard let fact = fact(in: String(decoding: state.line, as: UTF8.self)) else { return }
        state.found[fact.name] = fact.value
    }

    // MARK: Lines

    private static let names: Set = [
        "OSDiskUri", "OSDiskUriReadOnlySas", "TemplateUri", "TemplateUriReadOnlySas", "AMI", "ManagedImageId",
        "ManagedImageName", "ManagedImageResourceGroupName", "ManagedImageLocation", "ManagedImageSharedImageGalleryId",
        "StorageAccountLocation",
    ]

    /// `ManagedImageId: /subscriptions/…`, alone or behind `==> NAME: `; and ` -> DeploymentName    : 'pkrdp…'`.
    ///
    /// Lines that begin with blanks are what scripts of the machine write.
    static func fact(in line: String) -> (name: String, value: String)? {
        var rest = line[...]
        if rest.hasPrefix("==> ") || rest.hasPrefix("--> "), let colon = rest.firstRange(of: ": ") {
            rest = rest[colon.upperBound...]
        }
        if let name = rest.prefixMatch(of: /\s*-> DeploymentName\s*: '([^']*)'/) {
            return ("DeploymentName", String(name.1))
        }
        guard let match = rest.wholeMatch(of: /([A-Za-z]+): (.*?)\s*/), names.contains(String(match.1)) else {
            return nil
        }
        return (String(match.1), String(match.2))
    }
}
