import RoostModel

/// Why a package of the agent is not taken, or not there.
enum AgentPackageError: UserFacingError, Hashable {
    case otherType(String)
    case otherPlatform(String)
    case noVersion(String)
    case known(AgentRelease, platform: String)
    case notFound(String, platform: String)
    /// All that is wrong with it.
    case invalidPolicy([String])
    /// It is not Roost's, or tells no platform.
    case notRoosts(agent: String)
    case cannotUpdate(agent: String, reason: String)
    case hasIt(agent: String, AgentRelease)
    /// What was ordered was withdrawn since.
    case notWanted(agent: String, AgentRelease)

    var code: String {
        switch self {
        case .otherType: "package.other-type"
        case .otherPlatform: "package.other-platform"
        case .noVersion: "package.no-version"
        case .known: "package.known"
        case .notFound: "package.not-found"
        case .invalidPolicy: "update.invalid-policy"
        case .notRoosts: "update.not-roosts"
        case .cannotUpdate: "update.cannot"
        case .hasIt: "update.has-it"
        case .notWanted: "update.not-wanted"
        }
    }

    var summary: String {
        switch self {
        case .otherType(let type): "Packages of the type '\(type)' are not kept here."
        case .otherPlatform(let platform): "'\(platform)' is no platform of the agent."
        case .noVersion(let text): "'\(text)' is no version of the agent."
        case .known(let release, let platform): "There is a package of \(release) for \(platform) already."
        case .notFound(let version, let platform): "The server has no package of \(version) for \(platform)."
        case .invalidPolicy(let problems): problems.joined(separator: " ")
        case .notRoosts(let agent):
            "The agent '\(agent)' is not Roost's, or has never been online; it is not updated from here."
        case .cannotUpdate(let agent, let reason): "The agent '\(agent)' cannot update itself: \(reason)"
        case .hasIt(let agent, let release): "The agent '\(agent)' has \(release) already."
        case .notWanted(let agent, let release): "The agent '\(agent)' is not to be updated to \(release) any more."
        }
    }

    var location: String? { nil }

    var advice: String? {
        switch self {
        case .otherType: "Roost's own are of the type 'roost-agent'."
        case .otherPlatform: "Use one of \(AgentPackage.platforms.joined(separator: ", "))."
        case .noVersion: "Write it as 4.271.0."
        case .known: "Delete it first with 'roost package delete', or raise the version."
        case .notFound: "List what there is with 'roost package list'; add one with 'roost package add'."
        case .invalidPolicy: nil
        case .notRoosts: "Update it on its machine."
        case .cannotUpdate: "Mend that on its machine, or install the version there."
        case .hasIt, .notWanted: nil
        }
    }
}
