import Foundation
import Glibc
import RoostLanguage
import RoostTemplate

/// The program `packer`, which builds the targets that nothing here can build.
public struct PackerProgram: Sendable {
    /// As it was asked for.
    public let name: String
    /// Nil when it is not there.
    public let path: String?
    /// Where a build keeps what it hands to packer.
    let buildsFolder: String
    /// What builds make in clouds until it is taken away again.
    public let ledger: CloudLedger

    /// Looks for it.
    ///
    /// - Parameters:
    ///   - name: a path, or a name that is looked for in `PATH`; nil is what `ROOST_PACKER` says, else `packer`.
    ///   - environment: of this process.
    public init(named name: String? = nil, _ environment: [String: String]) {
        let asked = environment["ROOST_PACKER"].flatMap { $0.isEmpty ? nil : $0 }
        self.name = name ?? asked ?? "packer"
        if self.name.contains("/") {
            let place = URL(filePath: self.name).standardizedFileURL.path
            path = access(place, X_OK) == 0 ? place : nil
        } else {
            path = try? HostPrograms.find(self.name, environment)
        }
        let layers = LayerCache.standardFolder(environment) as NSString
        buildsFolder = layers.deletingLastPathComponent + "/packer-builds"
        ledger = CloudLedger(folder: layers.deletingLastPathComponent + "/cloud-builds", builds: buildsFolder)
    }

    /// Whether packer may know everything that a target is made of.
    ///
    /// Image Builder's templates have steps of their own, and components of Roost begin with `roost-`.
    static func mayKnow(_ target: ImageTarget, in language: ImagePlan.Language) -> Bool {
        // Recording is done here, after packer.
        let processors = target.postProcessors.flatMap { $0 }.filter { $0.type != ImageStep.recordingType }
        let steps = target.provisioners + processors + [target.errorCleanup].compactMap(\.self)
        return language != .imageBuilder && !([target.type] + steps.map(\.type)).contains { $0.hasPrefix("roost-") }
    }
}

extension PackerProgram {
    /// What keeps packer from building a target, as far as it can be told without asking packer.
    ///
    /// - Parameters:
    ///   - target: what is to be built.
    ///   - handover: what packer gets of it.
    ///   - environment: may say who signs in to a cloud.
    ///   - reasons: why it is not built here.
    /// - Returns: an error for each.
    func refusals(
        of target: ImageTarget,
        _ handover: PackerHandover,
        _ environment: [String: String],
        because reasons: [Diagnostic]
    ) -> [Diagnostic] {
        guard path != nil else { return [Self.refusal(.missing(name), target, reasons)] }
        do {
            let account = try AzureAccount.isFor(target.type) ? AzureAccount(environment) : nil
            if AzureAccount.isFor(target.type), account == nil, !AzureAccount.isGiven(in: target.settings) {
                return [Self.noCredential(target)]
            }
            let document = PackerTargetDocument(handover.target(markingIn: buildsFolder))
            return handover.problems + document.problems
        } catch let failure as PackerFailure {
            return [Self.refusal(failure, target)]
        } catch {
            return [Self.refusal(.failed("\(error)"), target)]
        }
    }

    static func refusal(
        _ failure: PackerFailure,
        _ target: ImageTarget,
        _ reasons: [Diagnostic] = []
    ) -> Diagnostic {
        .error(
            failure.code,
            "\(target.name) has to be built by packer: \(failure.summary)",
            at: target.range?.span,
            advice: failure.advice,
            detail: reasons.isEmpty ? nil : reasons.map(\.summary).joined(separator: "\n")
        )
    }

    /// The machine's identity is what azure-arm tries by itself when a secret was forgotten, and minutes go by.
    private static func noCredential(_ target: ImageTarget) -> Diagnostic {
        .error(
            "image-build.no-credential",
            "\(target.name) says nowhere how to sign in to Azure",
            at: target.range?.span,
            advice:
                "Give client_id, tenant_id, subscription_id and one of client_secret, client_cert_path and client_jwt (a variable that is empty gives nothing), or ARM_CLIENT_ID and so on in the environment; use_azure_cli_auth = true or ARM_USE_CLI=true takes the session of az, ARM_USE_MSI=true the identity of this machine."
        )
    }
}
