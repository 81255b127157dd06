import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import RoostModel
import RoostWire

/// An error in the shape of Azure DevOps, with what Roost adds for people: a stable code, the place and the next step.
struct ServiceFailure: Error {
    var status: HTTPResponse.Status
    /// What clients branch on.
    var typeKey: String
    /// Name space of the .NET class of that name.
    var typeSpace: String
    var message: String
    var code: String
    var location: String?
    var advice: String?
    var headers: HTTPFields = [:]
    var requestID: String?

    init(
        _ status: HTTPResponse.Status,
        _ typeKey: String,
        in typeSpace: TypeSpace = .common,
        _ error: some UserFacingError,
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.typeKey = typeKey
        self.typeSpace = typeSpace.rawValue
        message = [error.location.map { "\($0): \(error.summary)" } ?? error.summary, error.advice]
            .compactMap(\.self).joined(separator: " ")
        code = error.code
        location = error.location
        advice = error.advice
        self.headers = headers
    }

    /// Where the .NET client knows the class of an error.
    enum TypeSpace: String {
        case common = "Microsoft.VisualStudio.Services.Common"
        case distributedTask = "Microsoft.TeamFoundation.DistributedTask.WebApi"
        case pipelines = "Microsoft.TeamFoundation.DistributedTask.Pipelines"
        case build = "Microsoft.TeamFoundation.Build.WebApi"
        case core = "Microsoft.TeamFoundation.Core.WebApi"
        case security = "Microsoft.VisualStudio.Services.Security"
    }

    var response: Response {
        let body = WireError(
            id: "1",
            message: message,
            typeName: "\(typeSpace).\(typeKey), \(typeSpace)",
            typeKey: typeKey,
            errorCode: 0,
            eventId: 3000,
            code: code,
            location: location,
            advice: advice,
            requestId: requestID
        )
        var headers = headers
        headers[.contentType] = Negotiation.plainContentType
        guard let bytes = try? JSONAnswer.encoder.encode(FailureBody(error: body)) else {
            return Response(status: status, headers: headers)
        }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

/// An error with the member that the service always writes, although it is null.
private struct FailureBody: Encodable {
    var error: WireError

    private enum CodingKeys: String, CodingKey { case innerException }

    func encode(to encoder: any Encoder) throws {
        try error.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        if error.innerException == nil { try container.encodeNil(forKey: .innerException) }
    }
}
