import Foundation
import RoostModel

extension RootfsMachine {
    /// Runs the tests of the template on the finished image, each in a sandbox of its own.
    ///
    /// - Throws: ``RootfsFailure/testFailed(_:code:)`` of the first that fails.
    func runTests() async throws {
        for test in build.settings.tests {
            build.context.say(.step("Testing: \(test.name)"))
            let code = try await trial(test.name) {
                let line: String
                switch test.work {
                case .lines(let lines): line = (["set -e"] + lines).joined(separator: "\n")
                case .script(let path):
                    let place = "/tmp/roost-test"
                    try await upload(.file(build.context.path(path)), to: place)
                    line = "chmod 755 \(place) && \(place)"
                }
                return try await run(MachineCommand(line, user: test.user), output: build.show)
            }
            guard code == 0 else { throw RootfsFailure.testFailed(test.name, code: code) }
        }
    }

    /// Writes into the image which version of a gallery it is, when it becomes one.
    func addRecord() async throws {
        guard let target = build.link.target else { return }
        let origin = build.context.origin
        let record = ImageRecord(
            id: target,
            source: build.link.source?.id,
            template: origin.hash,
            commit: origin.commit
        )
        let text = try record.text()
        _ = try await step(StepKey("record of the image", parts: [Array(text.utf8)])) {
            let folder = ImageRecord.path.split(separator: "/").dropLast().joined(separator: "/")
            _ = try await run(MachineCommand("mkdir -p '/\(folder)'")) { _ in }
            try await upload(.bytes(Array(text.utf8), mode: 0o644), to: ImageRecord.path)
        }
    }
}

extension RootfsBuild {
    /// Shows what a command writes.
    @Sendable func show(_ output: MachineOutput) {
        switch output {
        case .output(let line): context.say(.detail(line))
        case .errors(let line): context.say(.error(line))
        }
    }

    /// What is in the image is only looked for when somebody gets to know.
    var needsInspection: Bool { link.publication != nil || settings.sbomFolder != nil }
}
