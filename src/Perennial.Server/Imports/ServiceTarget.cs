using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Perennial.Protocol;
using Perennial.Protocol.Hub.Registry;
using Perennial.Protocol.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Server.Imports;

/// <summary>
/// Enrolls through the service APIs. A certificate comes into the primary slot of an individual enrollment; a thumbprint alone cannot be attested
/// and becomes a device identity of a hub. What is there with something else is refused and stays.
/// </summary>
/// <param name="provisioning">Clients of the provisioning service, with the access of a policy.</param>
/// <param name="hub">The same of the hub for thumbprints.</param>
/// <param name="policyName">The certificate profile of the enrollments; null for none.</param>
/// <param name="time">The clock.</param>
internal sealed class ServiceTarget(HttpClient provisioning, HttpClient hub, string? policyName, TimeProvider time) : IImportTarget
{
    private const int MostAttempts = 20;
    private const string ProvisioningVersion = $"{ApiVersion.Parameter}={ApiVersion.ProvisioningService}";
    private const string HubVersion = "api-version=2021-04-12";

    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(1);

    public Task<ImportResult> EnrollAsync(ImportRow row, CancellationToken cancellationToken) => row switch
    {
        ImportRow.OfCertificate certificate => EnrollAsync(certificate, cancellationToken),
        ImportRow.OfThumbprint thumbprint => AddAsync(thumbprint, cancellationToken),
        _ => throw new ArgumentException("Such a row is not asked.", nameof(row)),
    };

    private async Task<ImportResult> EnrollAsync(ImportRow.OfCertificate row, CancellationToken cancellationToken)
    {
        var path = $"enrollments/{Uri.EscapeDataString(row.Id)}?{ProvisioningVersion}";
        var stored = await AskAsync(provisioning, HttpMethod.Get, path, null, cancellationToken);
        if (stored.Status == HttpStatusCode.OK)
        {
            var isSame = WireJson.TryParse(stored.Body, out IndividualEnrollmentDocument? found, out _)
                && new[] { found.Attestation?.X509?.ClientCertificates?.Primary, found.Attestation?.X509?.ClientCertificates?.Secondary }.Any(slot => IsSame(slot, row.Leaf));
            return isSame
                ? new ImportResult(row.Line, row.Id, ImportVerdict.Unchanged, string.Empty)
                : Refuse(row, "It is enrolled already, with something else. Stage the new certificate in the free slot.");
        }

        var enrollment = new IndividualEnrollmentDocument
        {
            RegistrationId = row.Id,
            CredentialPolicyName = policyName,
            Attestation = new() { Type = AttestationType.X509, X509 = new() { ClientCertificates = new() { Primary = new() { Certificate = Pem.Write(row.Leaf) } } } },
        };
        return ResultOf(row, await AskAsync(provisioning, HttpMethod.Put, path, WireJson.ToUtf8(enrollment), cancellationToken));
    }

    private async Task<ImportResult> AddAsync(ImportRow.OfThumbprint row, CancellationToken cancellationToken)
    {
        var path = $"devices/{Uri.EscapeDataString(row.Id)}?{HubVersion}";
        var identity = new DeviceIdentityDocument
        {
            DeviceId = row.Id,
            Authentication = new() { Type = AuthenticationType.SelfSigned, X509Thumbprint = new() { PrimaryThumbprint = row.Thumbprint.ToString() } },
        };
        var answer = await AskAsync(hub, HttpMethod.Put, path, WireJson.ToUtf8(identity), cancellationToken);
        if (answer.Status != HttpStatusCode.Conflict)
        {
            return ResultOf(row, answer);
        }

        var stored = await AskAsync(hub, HttpMethod.Get, path, null, cancellationToken);
        var isSame = WireJson.TryParse(stored.Body, out DeviceIdentityDocument? found, out _)
            && found.Authentication?.X509Thumbprint is { } slots
            && new[] { slots.PrimaryThumbprint, slots.SecondaryThumbprint }.Contains(row.Thumbprint.ToString(), StringComparer.OrdinalIgnoreCase);
        return isSame
            ? new ImportResult(row.Line, row.Id, ImportVerdict.Unchanged, string.Empty)
            : Refuse(row, "The hub has a device of this id already, with something else.");
    }

    private static bool IsSame(X509SlotDocument? slot, Certificate leaf) =>
        string.Equals(slot?.Info?.Sha256Thumbprint, leaf.Thumbprint.ToString(), StringComparison.OrdinalIgnoreCase);

    private static ImportResult Refuse(ImportRow row, string detail) => new(row.Line, row.Id, ImportVerdict.Refused, detail);

    private static ImportResult ResultOf(ImportRow row, (HttpStatusCode Status, byte[] Body) answer) => (int)answer.Status is >= 200 and < 300
        ? new(row.Line, row.Id, ImportVerdict.Created, string.Empty)
        : Refuse(row, $"{(int)answer.Status} {MessageOf(answer.Body)}");

    // 429 and 5xx are no answer about the device: it is asked again as long as the server asks for patience.
    private async Task<(HttpStatusCode Status, byte[] Body)> AskAsync(
        HttpClient client, HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
            if (body is not null)
            {
                request.Content = new ByteArrayContent(body);
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(WireJson.ContentType);
            }

            using var answer = await client.SendAsync(request, cancellationToken);
            var isPatient = answer.StatusCode == HttpStatusCode.TooManyRequests || (int)answer.StatusCode >= 500;
            if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden || (isPatient && attempt == MostAttempts))
            {
                throw new HttpRequestException($"{method} {path.Split('?')[0]} was answered {(int)answer.StatusCode}.");
            }

            if (!isPatient)
            {
                return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellationToken));
            }

            await Task.Delay(answer.Headers.RetryAfter?.Delta ?? UsualWait, time, cancellationToken);
        }
    }

    private static string MessageOf(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("message", out var message) || json.RootElement.TryGetProperty("Message", out message)
                ? message.ToString()
                : string.Empty;
        }
        catch (JsonException)
        {
            return string.Empty;
        }
    }
}
