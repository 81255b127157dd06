/// Somebody may not make an elastic pool: who lacks what, and both ways to get it.
public struct ElasticCreationRefusal: UserFacingError, Hashable {
    public var holder: RoleHolder
    public var provider: String
    public var lack: ElasticCreation.Lack

    public init(_ holder: RoleHolder, provider: String, _ lack: ElasticCreation.Lack) {
        self.holder = holder
        self.provider = provider
        self.lack = lack
    }

    public var code: String { "elastic-pool.creation-refused" }

    public var summary: String {
        let deed = "\(holder) may not make an elastic pool with provider '\(provider)'"
        return switch lack {
        case .connection(let name): "\(deed): no role lets them use the service connection '\(name)'."
        case .right: "\(deed): they have no role on the provider, and no service connection is given."
        case .pools:
            "\(deed): the service connection is theirs to use, but no role lets them make pools in the organization."
        case .project(let name): "\(deed) in project '\(name)': no role lets them make anything there."
        case .projectOfOthers(let name):
            "\(deed) in project '\(name)': with a service connection its administrators may, and who may make pools."
        case .allProjects: "\(deed) for all projects: they may make it for their own."
        }
    }

    public var advice: String? {
        let role =
            "the role 'owner' or 'user-access-administrator' on the provider "
            + "(roost provider role add \(provider) owner --to \(holder))"
        return switch lack {
        case .connection(let name):
            "Either ask for the role 'user' on '\(name)' (roost role assign user --to \(holder) --on service-connection:PROJECT/\(name)), or for \(role)."
        case .right:
            "Either ask for \(role), or name a service connection that you may use: --connection NAME --project PROJECT."
        case .pools:
            "Either ask for \(role), or for the role 'creator' on all pools (roost role assign creator --to \(holder) --on pools)."
        case .project(let name):
            "Ask for the role 'contributor' on the project (roost role assign contributor --to \(holder) --on 'project:\(name)'), or make the pool in the organization."
        case .projectOfOthers(let name):
            "Either ask for \(role), or for the role 'administrator' on the project (roost role assign administrator --to \(holder) --on 'project:\(name)')."
        case .allProjects: "Leave out that all projects get a queue, or ask for \(role)."
        }
    }
}
