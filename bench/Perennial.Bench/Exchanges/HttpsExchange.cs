using System.Globalization;
using System.Net.Security;
using System.Text;
using Perennial.Bench.Servers;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;

namespace Perennial.Bench.Exchanges;

/// <summary>A whole provisioning over HTTPS as the SDKs do it: handshake, register (202), poll (200), on one connection.</summary>
internal sealed class HttpsExchange(PerennialServer server)
{
    private const string Version = $"{ApiVersion.Parameter}={ApiVersion.Provisioning}";

    /// <summary>Polls at once; a device waits as long as the answer to register asks for.</summary>
    public async Task RunAsync(Applicant applicant)
    {
        var host = server.Summary.ProvisioningHost;
        var path = $"/{server.Summary.IdScope}/registrations/{applicant.Id}";
        var body = $$"""{"registrationId":"{{applicant.Id}}"}""";
        await using var tls = await TlsConnection.OpenAsync(server.Address.Https, server.Address.Tls(host, applicant.Credential));
        var (accepted, operation) = await AskAsync(
            tls, $"PUT {path}/register?{Version} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var (found, result) = await AskAsync(
            tls, $"GET {path}/operations/{operation.OperationId}?{Version} HTTP/1.1\r\nHost: {host}\r\nAccept: application/json\r\n\r\n");
        await tls.ShutdownAsync();
        if (accepted != 202 || found != 200 || result.Status != RegistrationStatus.Assigned)
        {
            throw new InvalidOperationException($"{applicant.Id} was not assigned over HTTPS: {accepted}, {found} {result.Status}.");
        }
    }

    private static async Task<(int Status, RegistrationOperationStatus Body)> AskAsync(SslStream tls, string request)
    {
        await tls.WriteAsync(Encoding.ASCII.GetBytes(request));
        var buffer = new byte[16 * 1024];
        for (var filled = 0; ;)
        {
            var read = await tls.ReadAsync(buffer.AsMemory(filled));
            filled += read;
            if (TryReadAnswer(buffer.AsSpan(0, filled), out var status, out var body))
            {
                return (status, body);
            }

            if (read == 0)
            {
                throw new IOException($"The answer cannot be read: {Encoding.ASCII.GetString(buffer, 0, filled)}");
            }
        }
    }

    private static bool TryReadAnswer(ReadOnlySpan<byte> answer, out int status, out RegistrationOperationStatus body)
    {
        (status, body) = (0, null!);
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        status = int.Parse(answer.Slice("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
        return WireJson.TryParse(answer[(end + 4)..], out body!);
    }
}
