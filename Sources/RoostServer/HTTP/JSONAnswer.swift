import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import RoostWire

/// Answers in JSON, encoded once.
enum JSONAnswer {
    /// Shared, for making one costs more than a small answer.
    ///
    /// Writes what ``WireJSON`` writes.
    static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(WireDate.text(date))
        }
        return encoder
    }()

    /// Reads what ``WireJSON`` reads.
    static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            guard let date = WireDate.date(text) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no date")
            }
            return date
        }
        return decoder
    }()

    private struct Wrapped<Item: Encodable>: Encodable {
        var count: Int
        var value: [Item]
    }

    static func one(
        _ value: some Encodable,
        _ negotiation: Negotiation,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        response(try encoder.encode(value), negotiation, status: status)
    }

    /// `{count, value}`, or the bare array when the client asked for it.
    static func list(_ values: [some Encodable], _ negotiation: Negotiation) throws -> Response {
        if negotiation.noArrayWrap { return try one(values, negotiation) }
        return try one(Wrapped(count: values.count, value: values), negotiation)
    }

    private static func response(_ bytes: Data, _ negotiation: Negotiation, status: HTTPResponse.Status) -> Response {
        var headers = HTTPFields()
        headers.reserveCapacity(8)
        headers.append(HTTPField(name: .contentType, value: negotiation.contentType))
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
