public import Foundation
import RoostTemplate

/// A resource group that a build has made for its machine in a cloud; nothing of it is secret.
///
/// azure-arm would choose a name by itself and take it away at its end. Killed, it leaves the group, and nobody knows the name.
public struct CloudGroup: Sendable, Hashable, Codable {
    public var name: String
    /// That of the folder of the build.
    var build: String
    public var target: String
    /// As templates name it.
    public var cloud: String
    /// Of a cloud that packer does not know.
    var metadataHost: String?
    /// Nil is that of whoever signs in.
    public var subscription: String?
    public var since: Date

    private static let prefix = "pkr-Resource-Group-roost-"

    /// Nil for a target that makes no group, or that names it itself.
    init?(_ target: ImageTarget, _ environment: [String: String], build: String, at now: Date) {
        let given = ["build_resource_group_name", "temp_resource_group_name"].compactMap { target.settings[$0] }
        guard target.type == "azure-arm", given.allSatisfy({ $0.text == "" }) else { return nil }
        let number = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        name = Self.prefix + String(repeating: "0", count: 16 - number.count) + number
        self.build = build
        self.target = target.name
        let signIn = AzureSignIn(target, environment: environment)
        cloud = signIn?.cloud ?? target.settings.known("cloud_environment_name") ?? "Public"
        metadataHost = signIn?.metadataHost
        subscription = signIn?.subscription ?? target.settings.known("subscription_id")
        since = now
    }

    /// Whether a build of Roost chose the name; nothing else is ever removed.
    var isOwn: Bool { name.wholeMatch(of: /pkr-Resource-Group-roost-[0-9a-f]{16}/) != nil }

    /// The target with this group in the place of one that azure-arm would name.
    func given(to target: ImageTarget) -> ImageTarget {
        var target = target
        target.settings.set("temp_resource_group_name", SettingValue(.text(name)))
        return target
    }

    /// What removes it by hand.
    public var command: String {
        TypedCommand("az", "group", "delete", "--name", name).adding("--subscription", subscription).text + " --yes"
    }

    /// Whether who signs in is in the cloud of the group.
    func isReached(by signIn: AzureSignIn) -> Bool {
        if metadataHost != nil || signIn.metadataHost != nil { return metadataHost == signIn.metadataHost }
        return Self.plain(cloud) == Self.plain(signIn.cloud)
    }

    private static func plain(_ cloud: String) -> String {
        ((try? AzureAccount.cloud(cloud)) ?? cloud).lowercased()
    }
}
