import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import RoostModel
import RoostStore
import RoostTesting
import Testing

@testable import RoostServer

/// Asks for pages and sends forms as the administrator of a cluster.
struct PageBrowser: Sendable {
    var cluster: TestCluster
    var session: String

    init(_ cluster: TestCluster) throws {
        self.cluster = cluster
        let made = try cluster.plane.issueDashboardSession(pat: cluster.token.exposed, lifetime: .seconds(600))
        session = try #require(made).exposed
    }

    func send(_ path: String, form: String? = nil, language: String = "en") async throws -> (Int, String) {
        var request = HTTPClientRequest(url: cluster.address.dropLast() + path)
        request.headers.add(name: "Cookie", value: "roost_session=\(session)")
        request.headers.add(name: "Accept-Language", value: language)
        if let form {
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: form))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(300))
        let body = try await response.body.collect(upTo: 4 << 20)
        return (Int(response.status.code), String(buffer: body))
    }
}
