using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Perennial.Server.Inspection;
using Perennial.Server.Remote;
using Perennial.X509;

namespace Perennial.Server.Diagnosis;

/// <summary>One TLS port, as a client of a host name meets it: does it answer, is its certificate trusted, does it say the name, how long is it good.</summary>
internal sealed class CheckTls(ServiceAddress address, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Near = TimeSpan.FromDays(7);

    public async Task<Finding> RunAsync(string subject, string hostName, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(Patience);
        (byte[]? Shown, SslPolicyErrors Errors) seen = (null, SslPolicyErrors.None);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address.EndPoint, stop.Token);
            await using var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false);
            var options = address.Tls((sender, shown, chain, errors) =>
            {
                var isTrusted = address.IsTrusted(sender, shown, chain, errors);
                seen = (shown?.GetRawCertData(), isTrusted ? SslPolicyErrors.None : errors);
                return isTrusted;
            });
            options.TargetHost = hostName;
            await tls.AuthenticateAsClientAsync(options, stop.Token);
            return Judge(subject, hostName, seen.Shown, seen.Errors, time.GetUtcNow());
        }
        catch (AuthenticationException) when (seen.Shown is not null)
        {
            return Judge(subject, hostName, seen.Shown, seen.Errors, time.GetUtcNow());
        }
        catch (Exception exception) when (exception is SocketException or IOException or AuthenticationException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            var cause = exception is OperationCanceledException ? "no answer in time" : exception.GetBaseException().Message.TrimEnd('.');
            return Finding.Fail(subject, $"{address} does not answer: {cause}. Is the server running (perennial serve), and does no other program or firewall hold the port?");
        }
    }

    private static Finding Judge(string subject, string hostName, byte[]? shown, SslPolicyErrors errors, DateTimeOffset at)
    {
        if (shown is null || !Certificate.TryParse(shown, out var certificate, out _))
        {
            return Finding.Fail(subject, "the server shows no certificate that can be read.");
        }

        var words = $"{certificate}, {DescribeCertificate.Validity(certificate, at)}";
        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? Finding.Fail(subject, $"the certificate does not say '{hostName}', so clients that check names refuse it: {words}. Give one that does (perennial serve --tls-cert), or name the host (--host, --hub).")
            : at > certificate.NotAfter ? Finding.Fail(subject, $"the certificate has expired: {words}. Give another (perennial serve --tls-cert).")
            : errors != SslPolicyErrors.None ? Finding.Fail(subject, $"the certificate is not trusted by the trust bundle: {words}. Give clients the bundle of this server.")
            : certificate.NotAfter - at < Near ? Finding.Warn(subject, $"the certificate ends soon: {words}. Give another, or see why it was not rolled.")
            : Finding.Ok(subject, $"answers as '{hostName}' with {words}");
    }
}
