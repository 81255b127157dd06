import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationEssentialsCompat
import RoostModel

/// A token as clients of OAuth expect it.
struct GrantAnswer: Encodable, Sendable {
    var token_type = "Bearer"
    var expires_in: Int
    var ext_expires_in: Int
    var access_token: String
    var scope: String?
    var refresh_token: String?
    var id_token: String?
    var client_info: String?

    init(token: Secret, life: Int) {
        access_token = token.exposed
        expires_in = life
        ext_expires_in = life
    }
}

/// A refusal as clients of Microsoft's identity platform expect it.
struct GrantFailure: Encodable, Sendable {
    var error: String
    var error_description: String
    var error_codes: [Int]
    var timestamp: String
    var trace_id: String
    var correlation_id: String

    init(_ refusal: GrantRefusal, trace: String, correlation: String, at now: Date) {
        error = refusal.error
        error_codes = [refusal.number]
        timestamp = now.formatted(.iso8601.dateTimeSeparator(.space))
        trace_id = trace
        correlation_id = correlation
        error_description =
            "AADSTS\(refusal.number): \(refusal.sentence) Trace ID: \(trace) Correlation ID: \(correlation) Timestamp: \(timestamp)"
    }
}

/// JSON that nobody may keep.
enum GrantJSON {
    static func response(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        var headers = HTTPFields()
        headers[.contentType] = "application/json; charset=utf-8"
        headers[.cacheControl] = "no-store"
        let bytes = ByteBuffer(bytes: try encoder.encode(value))
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: bytes))
    }
}
