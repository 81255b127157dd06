import Foundation
import RoostImages

/// Whether the kernel helps with processors; tried once.
actor VMSpeed {
    private let accelerator: MachineBoot.Accelerator
    private let folder: String
    private var trial: Task<Bool, Never>?

    init(_ accelerator: MachineBoot.Accelerator, folder: String) {
        self.accelerator = accelerator
        self.folder = folder
    }

    var isFast: Bool {
        get async {
            switch accelerator {
            case .kvm: return true
            case .tcg: return false
            case .auto: break
            }
            let task = trial ?? Task { [folder] in await Self.tried(folder) }
            trial = task
            return await task.value
        }
    }

    private static func tried(_ folder: String) async -> Bool {
        let place = "\(folder)/trial-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: place) }
        do {
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            return try await KernelMachineProbe(folder: place).works()
        } catch { return false }
    }
}
