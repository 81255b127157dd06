import FoundationEssentials

/// The number or text by which a request and its answer are told from others.
public enum RequestID: Hashable, Sendable {
    case number(Int)
    case text(String)

    init?(_ value: JSONValue) {
        if let number = value.int {
            self = .number(number)
        } else if let text = value.string {
            self = .text(text)
        } else {
            return nil
        }
    }

    var json: JSONValue {
        switch self {
        case .number(let number): .number(Double(number))
        case .text(let text): .string(text)
        }
    }
}

/// An error as JSON-RPC and the language server protocol number them.
public struct RPCError: Error, Hashable, Sendable {
    public let code: Int
    public let message: String

    public static func parse(_ message: String) -> RPCError { RPCError(code: -32700, message: message) }
    public static func invalidRequest(_ message: String) -> RPCError { RPCError(code: -32600, message: message) }
    public static func methodNotFound(_ method: String) -> RPCError {
        RPCError(code: -32601, message: "The method '\(method)' is not offered")
    }
    public static func invalidParameters(_ message: String) -> RPCError { RPCError(code: -32602, message: message) }
    public static let notInitialized = RPCError(code: -32002, message: "The server waits for 'initialize'")
    public static let canceled = RPCError(code: -32800, message: "The request was canceled")
}

/// A message from the client.
public enum RPCMessage: Hashable, Sendable {
    case request(id: RequestID, method: String, parameters: JSONValue)
    case notification(method: String, parameters: JSONValue)
    /// An answer to something the server asked.
    case response(id: RequestID)

    /// Reads the content of a frame.
    ///
    /// - Throws: an error to answer with, and the id to answer to when it could be read.
    init(_ content: [UInt8]) throws(Fault) {
        guard let json = try? JSONDecoder().decode(JSONValue.self, from: Data(content)) else {
            throw Fault(id: nil, error: .parse("The message is not JSON"))
        }
        let id = json["id"].flatMap(RequestID.init)
        guard case .object = json else { throw Fault(id: nil, error: .invalidRequest("A message must be an object")) }
        guard let method = json["method"]?.string else {
            guard let id, json["result"] != nil || json["error"] != nil else {
                throw Fault(id: id, error: .invalidRequest("A message needs a 'method'"))
            }
            self = .response(id: id)
            return
        }
        let parameters = json["params"] ?? .null
        if let id {
            self = .request(id: id, method: method, parameters: parameters)
        } else {
            self = .notification(method: method, parameters: parameters)
        }
    }

    /// Why a message cannot be used.
    struct Fault: Error {
        let id: RequestID?
        let error: RPCError
    }
}

/// A message to the client.
public enum RPCReply: Hashable, Sendable {
    case result(id: RequestID, JSONValue)
    /// The id is nil when the message could not be read so far.
    case error(id: RequestID?, RPCError)
    case notification(method: String, JSONValue)
    case request(id: RequestID, method: String, JSONValue)

    /// The frame: a header with the length, and the content.
    public var frame: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        // A value made of JSON's own kinds always encodes, but for numbers that are none; those are never sent.
        let content = [UInt8]((try? encoder.encode(json)) ?? Data("null".utf8))
        return Array("Content-Length: \(content.count)\r\n\r\n".utf8) + content
    }

    var json: JSONValue {
        switch self {
        case .result(let id, let result): ["jsonrpc": "2.0", "id": id.json, "result": result]
        case .error(let id, let error):
            [
                "jsonrpc": "2.0", "id": id?.json ?? .null,
                "error": ["code": .number(Double(error.code)), "message": .string(error.message)],
            ]
        case .notification(let method, let parameters):
            ["jsonrpc": "2.0", "method": .string(method), "params": parameters]
        case .request(let id, let method, let parameters):
            ["jsonrpc": "2.0", "id": id.json, "method": .string(method), "params": parameters]
        }
    }
}
