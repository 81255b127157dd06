import FoundationEssentials
import Glibc
import RoostClient
import RoostModel
import RoostWire

/// The way to the server, and what it says to the agent.
extension DoctorProbe {
    func network(_ settings: AgentSettings?, _ environment: [String: String]) async -> DoctorFacts.Network? {
        guard let url = settings?.serverUrl else { return nil }
        let connection = ConnectionSettings(root: root, environment: environment, serverURL: url)
        let proxy = connection.proxy(for: url)
        let host = proxy?.host ?? ServerURL.host(of: url) ?? ""
        let resolution = await Self.resolve(host)
        var facts = DoctorFacts.Network(
            url: url,
            host: host,
            resolution: resolution,
            proxy: proxy?.url ?? connection.unusableProxy,
            isProxyUsable: connection.unusableProxy == nil,
            answer: await answer(url, connection)
        )
        if let proxy, case .failed(.proxy(_, _, .away)) = facts.answer {
            facts.proxyAnswers = await Self.listens(proxy)
        }
        return facts
    }

    private func answer(_ url: String, _ connection: ConnectionSettings) async -> DoctorFacts.Answer {
        var options = connection.clientOptions(for: url)
        options.timeout = Self.patience
        do throws(ClientError) {
            let client = try WebClient(options: options)
            do throws(ClientError) {
                let answer = try await client.send(.init("GET", "\(url)_apis/roost/server"))
                await client.close()
                return Self.read(answer)
            } catch {
                await client.close()
                throw error
            }
        } catch { return .failed(error) }
    }

    private struct Server: Decodable {
        var name: String?
        var version: String?
    }

    private static func read(_ answer: WebClient.Answer) -> DoctorFacts.Answer {
        let server = try? JSONDecoder().decode(Server.self, from: answer.body)
        let date = answer.headers.first { $0.name.lowercased() == "date" }.flatMap { HTTPDate.parse($0.value) }
        return .status(
            answer.status,
            isRoost: server?.name?.lowercased() == "roost",
            version: server?.version,
            skew: date.map { Date().timeIntervalSince($0) }
        )
    }

    func credential(
        _ settings: AgentSettings?,
        _ environment: [String: String]
    ) async -> DoctorFacts.Credential? {
        guard let settings else { return nil }
        let identity: AgentIdentity
        do throws(ConfigurationFailure) {
            identity = try await AgentIdentity(files: AgentFiles(root: root), environment: environment)
        } catch { return .unusable(error.summary) }
        var options = ConnectionSettings(root: root, environment: environment, serverURL: settings.serverUrl)
            .clientOptions(for: settings.serverUrl)
        (options.timeout, options.retries) = (Self.patience, 0)
        do throws(ClientError) {
            let client = try RoostClient(url: settings.serverUrl, credential: identity.credential, options: options)
            do throws(ClientError) {
                let agent = try await client.agent(pool: settings.poolId, id: settings.agentId)
                let server = try? await client.serverInfo()
                await client.close()
                return .accepted(
                    status: agent.status?.lowercased() ?? "known",
                    isEnabled: agent.enabled ?? true,
                    server: server?.name?.lowercased() == "roost" ? server?.version : nil
                )
            } catch {
                await client.close()
                throw error
            }
        } catch { return .refused(ServerTrouble(error)) }
    }

    // MARK: Names and ports

    /// Asks the system's resolver, which waits in a thread of its own.
    private static func resolve(_ host: String) async -> DoctorFacts.Resolution {
        var (four, six) = (in_addr(), in6_addr())
        let bare = host.filter { $0 != "[" && $0 != "]" }
        if inet_pton(AF_INET, bare, &four) == 1 || inet_pton(AF_INET6, bare, &six) == 1 { return .notNeeded }
        let answer: DoctorFacts.Resolution? = try? await OwnThread.run { deliver in
            switch lookUp(bare, 0) {
            case .success(let addresses): deliver(.addresses(addresses.map(\.text)))
            case .failure(let failure): deliver(.failed(failure.reason))
            }
        }
        return answer ?? .failed("the system has no thread to give")
    }

    private struct Unknown: Error { var reason: String }
    private struct Address {
        var text: String
        var bytes: [UInt8]
    }

    private static func lookUp(_ host: String, _ port: Int) -> Result<[Address], Unknown> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let error = getaddrinfo(host, "\(port)", &hints, &list)
        guard error == 0 else { return .failure(Unknown(reason: String(cString: gai_strerror(error)))) }
        defer { freeaddrinfo(list) }
        var found: [Address] = []
        var next = list
        while let item = next?.pointee {
            var text = [CChar](repeating: 0, count: 1025)
            if getnameinfo(item.ai_addr, item.ai_addrlen, &text, 1025, nil, 0, NI_NUMERICHOST) == 0 {
                let bytes = UnsafeRawBufferPointer(start: item.ai_addr, count: Int(item.ai_addrlen))
                let name = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                found.append(Address(text: name, bytes: Array(bytes)))
            }
            next = item.ai_next
        }
        return .success(found)
    }

    /// Whether a proxy takes connections.
    private static func listens(_ proxy: Proxy) async -> Bool {
        let answer: Bool? = try? await OwnThread.run { deliver in
            guard case .success(let addresses) = lookUp(proxy.host, proxy.port) else { return deliver(false) }
            deliver(addresses.contains(where: connects))
        }
        return answer ?? false
    }

    private static func connects(_ address: Address) -> Bool {
        let family = address.bytes.withUnsafeBytes { $0.loadUnaligned(as: sa_family_t.self) }
        let descriptor = socket(Int32(family), Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return address.bytes.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { buffer in
                buffer.baseAddress.map { connect(descriptor, $0, socklen_t(address.bytes.count)) == 0 } ?? false
            }
        }
    }
}
