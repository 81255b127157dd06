import RoostClient
import RoostImages
import RoostModel

/// Why a cloud did not say what was asked.
enum AzureObstacle: Error {
    case unanswered(ClientError)
    /// An answer that is none of a resource manager.
    case malformed(url: String, status: Int)
    case refused(AzureRefusal)
    /// Signing in failed.
    case signIn(reason: String, address: String?, advice: String?)

    /// As a check before a build tells it.
    var preflight: PreflightObstacle {
        switch self {
        case .unanswered(let error): Self.told(error)
        case .malformed(let url, let status):
            PreflightObstacle(
                .unanswered,
                code: "malformed",
                reason: "the answer with status \(status) is none of a resource manager",
                address: url,
                advice: "Look whether a proxy or a gateway answers in its place."
            )
        case .refused(let refusal): refusal.told
        case .signIn(let reason, let address, let advice):
            PreflightObstacle(.signIn, code: "sign-in", reason: reason, address: address, advice: advice)
        }
    }

    private static func told(_ error: ClientError) -> PreflightObstacle {
        let reason: String
        let code: String
        switch error {
        case .timedOut: (code, reason) = ("timed-out", "there was no answer in time")
        case .unreachable(_, let why): (code, reason) = ("unreachable", "it cannot be reached: \(why)")
        case .tlsFailure(_, let why): (code, reason) = ("tls", "there is no secure connection: \(why)")
        case .malformedAnswer(_, let why): (code, reason) = ("malformed", "the answer cannot be used: \(why)")
        case .invalidURL(let text): (code, reason) = ("address", "\"\(text)\" is no address")
        default: (code, reason) = ("failed", error.summary)
        }
        return PreflightObstacle(
            .unanswered,
            code: code,
            reason: reason,
            address: error.location,
            advice: code == "timed-out"
                ? "Try again, give it longer with --within, or look whether a firewall or proxy stands between." : nil
        )
    }

    /// The same as the reason why nobody is signed in.
    var asSignIn: AzureObstacle {
        let told = preflight
        return .signIn(reason: told.reason, address: told.address, advice: told.advice)
    }
}

/// An error of a resource manager.
struct AzureRefusal: Sendable, Hashable {
    var url: String
    var status: Int
    /// Such as `ResourceGroupNotFound`.
    var code: String
    var message: String
    var retryAfter: String?

    var told: PreflightObstacle {
        let words = message.isEmpty ? code : message
        return switch status {
        case 401:
            PreflightObstacle(
                .unanswered,
                code: "unauthorized",
                reason: "the token is not taken: \(words)",
                address: url,
                advice: "Look whether tenant, subscription and cloud belong together."
            )
        case 403:
            PreflightObstacle(
                .forbidden,
                code: "forbidden",
                reason: "it may not be read: \(words)",
                address: url,
                advice: "Have the role Reader given there, for example with 'az role assignment create --role Reader'."
            )
        case 429:
            PreflightObstacle(
                .unanswered,
                code: "throttled",
                reason: "too much was asked\(retryAfter.map { ", and it answers again in \($0) s" } ?? "")",
                address: url,
                advice: "Try again later."
            )
        default:
            PreflightObstacle(.unanswered, code: "refused", reason: "the answer is \(status): \(words)", address: url)
        }
    }
}
