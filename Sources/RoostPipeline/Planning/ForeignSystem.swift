import RoostLanguage
import RoostModel

/// An operating system that has no agents here, known by the names pipelines use for it.
enum ForeignSystem: String {
    case windows = "Windows"
    case macOS

    /// What a job asks of its agent that wants this system.
    var demand: Demand {
        switch self {
        case .windows: .equals("Agent.OS", value: "Windows_NT")
        case .macOS: .equals("Agent.OS", value: "Darwin")
        }
    }

    /// What an image of a hosted pool runs, such as `windows-2022`; nil for Linux and for names that are not known.
    init?(image: String) {
        let image = foldedName(image)
        if image.hasPrefix("windows") || image.hasPrefix("vs201") || image.hasPrefix("win1") {
            self = .windows
        } else if image.hasPrefix("macos") {
            self = .macOS
        } else {
            return nil
        }
    }

    /// What a hosted pool of the old kind runs, whose name says it; nil for other pools.
    init?(pool: String) {
        let pool = foldedName(pool)
        guard pool == "hosted" || pool.hasPrefix("hosted ") else { return nil }
        if pool.contains("macos") {
            self = .macOS
        } else if pool == "hosted" || pool.contains("windows") || pool.contains("vs201") {
            self = .windows
        } else {
            return nil
        }
    }

    /// What the key `os` says, which templates of some organizations have.
    init?(os: String) {
        switch foldedName(os) {
        case "windows": self = .windows
        case "macos": self = .macOS
        default: return nil
        }
    }
}

/// Pools of the service, whose agents are made from images.
enum HostedPool {
    static func isName(_ name: String) -> Bool { equalIgnoringCase(name, "Azure Pipelines") }
}
