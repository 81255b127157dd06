import Foundation
import RoostTemplate

@testable import RoostImages

/// What tests of disks need.
enum DiskGround {
    /// Why no disk can be made here; nil when it can.
    static let obstacle: String? = {
        if let obstacle = RootfsGround.obstacle { return obstacle }
        do {
            let settings = RootfsOptions(settings: ImageSettings())
            try DiskPrograms.check(DiskSettings(.qcow2, settings))
            return nil
        } catch { return "\(error)" }
    }()

    /// Whether files can be given to others here.
    static let canGive = SandboxUsers.offered(by: .own).first != .alone
}

extension RootfsGround {
    /// Parts of outputs that a build has not finished.
    var staged: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasPrefix("image.raw.") }
    }

    /// Makes a disk with these command lines as steps.
    func disk(
        _ output: String,
        _ lines: [String],
        _ options: [String: SettingValue] = [:],
        form: String = "raw",
        usesCache: Bool = true
    ) async throws -> ImageArtifact {
        let options = options.merging(["format": SettingValue(.text(form))]) { $1 }
        let machine = try await start(output, options, usesCache: usesCache)
        do {
            for line in lines {
                _ = try await machine.step(StepKey(line, parts: [Array(line.utf8)])) {
                    let said = try await machine.said(line)
                    guard said.code == 0 else { throw RootfsFailure.option(line, reason: "\(said.lines)") }
                }
            }
            let artifact = try await machine.finish()
            await machine.discard()
            return artifact
        } catch {
            await machine.discard()
            throw error
        }
    }
}
