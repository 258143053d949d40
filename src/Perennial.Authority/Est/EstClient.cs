using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Perennial.Authority.Issuance;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Est;

/// <summary>
/// Asks EST servers (RFC 7030, RFC 8951): <c>cacerts</c>, <c>simpleenroll</c>, <c>simplereenroll</c>. Files are read at each question, so a
/// changed password or certificate counts at once. Follows no redirect.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class EstClient(TimeProvider time) : IRemoteAuthority
{
    private const int MaxAnswer = 256 * 1024;
    private const int MaxDetail = 300;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan UsualRetry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromDays(1);

    /// <inheritdoc />
    public async Task<IReadOnlyList<Certificate>> ReadAuthoritiesAsync(KeyAddress address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        var est = EstAddress.Of(address);
        var (status, body, _) = await AskAsync(est, HttpMethod.Get, "cacerts", null, cancellationToken);
        return status == HttpStatusCode.OK
            ? CertificatesOf(est, body)
            : throw new KeyUnavailableException(KeyState.Failing, $"{est.Base}/cacerts answers {(int)status}: {Shorten(body)}");
    }

    /// <inheritdoc />
    public async Task<RemoteAnswer> EnrollAsync(
        KeyAddress address, CertificateSigningRequest request, bool isAgain, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(request);
        var est = EstAddress.Of(address);
        var operation = isAgain && est.UsesReenroll ? "simplereenroll" : "simpleenroll";
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(Convert.ToBase64String(request.Der.Span, Base64FormattingOptions.InsertLineBreaks)));
        content.Headers.ContentType = new("application/pkcs10");
        content.Headers.Add("Content-Transfer-Encoding", "base64");
        var (status, body, retryAfter) = await AskAsync(est, HttpMethod.Post, operation, content, cancellationToken);
        return status switch
        {
            HttpStatusCode.OK => new RemoteAnswer.Issued(CertificatesOf(est, body)),
            HttpStatusCode.Accepted => new RemoteAnswer.Pending(retryAfter ?? UsualRetry),
            HttpStatusCode.Unauthorized => throw new KeyUnavailableException(
                KeyState.Locked, $"{est.Base} does not let this service in (401). Mend its credentials: {est.CredentialsFile ?? est.CertificateFile ?? "none are given"}."),
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => throw new KeyUnavailableException(
                KeyState.Failing, $"{est.Base}/{operation} answers {(int)status}: {Shorten(body)}"),
            _ => new RemoteAnswer.Refused($"{(int)status} {Shorten(body)}"),
        };
    }

    private async Task<(HttpStatusCode Status, byte[] Body, TimeSpan? RetryAfter)> AskAsync(
        EstAddress est, HttpMethod method, string operation, HttpContent? content, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var connection = EstConnection.Open(est);
            using var question = new HttpRequestMessage(method, $"{est.Base}/{operation}") { Content = content };
            question.Headers.Authorization = EstConnection.CredentialsOf(est);
            using var answer = await connection.SendAsync(question, stop.Token);
            return (answer.StatusCode, await ReadAsync(answer.Content, stop.Token), RetryAfterOf(answer.Headers.RetryAfter));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new KeyUnavailableException(KeyState.Slow, $"{est.Base} does not answer within {Limit.TotalSeconds:0} seconds.");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or AuthenticationException or CryptographicException or UnauthorizedAccessException)
        {
            throw new KeyUnavailableException(KeyState.Lost, $"{est.Base} cannot be asked: {fault.Message} {fault.InnerException?.Message}", fault);
        }
    }

    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxAnswer + 1];
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= MaxAnswer ? buffer[..length] : throw new IOException($"The answer is longer than {MaxAnswer} bytes.");
    }

    private TimeSpan? RetryAfterOf(RetryConditionHeaderValue? header)
    {
        var asked = header?.Delta ?? header?.Date - time.GetUtcNow();
        return asked is { } wait ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, TimeSpan.TicksPerSecond, LongestRetry.Ticks)) : null;
    }

    private static IReadOnlyList<Certificate> CertificatesOf(EstAddress est, byte[] body) => EstCertificates.TryRead(body, out var certificates, out var fault)
        ? certificates
        : throw new KeyUnavailableException(KeyState.Failing, $"{est.Base} answers no certificates in base64 PKCS #7: {fault}");

    private static string Shorten(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, MaxDetail));
        return string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
    }
}
