using System.Net;
using System.Text.Json;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Provisioning.Enrollments;

namespace Perennial.Server.Sandbox.Operator;

/// <summary>What an operator does to a fleet through the service API of the provisioning service.</summary>
internal sealed class FleetOperator(OperatorClient provisioning)
{
    private const string Version = $"{ApiVersion.Parameter}={ApiVersion.ProvisioningService}";

    /// <summary>Creates an individual enrollment that pins this leaf in its primary slot.</summary>
    public Task EnrollDeviceAsync(string registrationId, string leafPem, CancellationToken cancellationToken)
    {
        var enrollment = new IndividualEnrollmentDocument
        {
            RegistrationId = registrationId,
            Attestation = X509(new X509AttestationDocument { ClientCertificates = new() { Primary = new() { Certificate = leafPem } } }),
        };
        return PutAsync($"enrollments/{registrationId}", enrollment, cancellationToken);
    }

    /// <summary>Creates an enrollment group with this signing certificate in its primary slot.</summary>
    /// <param name="groupId">The name of the group.</param>
    /// <param name="signingPem">The certificate.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="profile">The certificate profile that its devices may be issued certificates under; null for none.</param>
    public Task EnrollGroupAsync(string groupId, string signingPem, CancellationToken cancellationToken, string? profile = null)
    {
        var group = new EnrollmentGroupDocument
        {
            EnrollmentGroupId = groupId,
            CredentialPolicyName = profile,
            Attestation = X509(new X509AttestationDocument { SigningCertificates = new() { Primary = new() { Certificate = signingPem } } }),
        };
        return PutAsync($"enrollmentGroups/{groupId}", group, cancellationToken);
    }

    /// <summary>Puts a leaf beside the one of an individual enrollment, in its secondary slot.</summary>
    public async Task StageLeafAsync(string registrationId, string leafPem, CancellationToken cancellationToken)
    {
        var path = $"enrollments/{registrationId}";
        var stored = await GetAsync<IndividualEnrollmentDocument>(path, cancellationToken);
        var slots = stored.Attestation?.X509?.ClientCertificates ?? new();
        var staged = slots with { Secondary = new() { Certificate = leafPem } };
        await PutAsync(path, stored with { Attestation = X509(new X509AttestationDocument { ClientCertificates = staged }) }, cancellationToken);
    }

    /// <summary>Puts a signing certificate beside the one of a group, in its secondary slot.</summary>
    public async Task StageSigningCertificateAsync(string groupId, string signingPem, CancellationToken cancellationToken)
    {
        var path = $"enrollmentGroups/{groupId}";
        var stored = await GetAsync<EnrollmentGroupDocument>(path, cancellationToken);
        var slots = stored.Attestation?.X509?.SigningCertificates ?? new();
        var staged = slots with { Secondary = new() { Certificate = signingPem } };
        await PutAsync(path, stored with { Attestation = X509(new X509AttestationDocument { SigningCertificates = staged }) }, cancellationToken);
    }

    /// <summary>Retires the certificate in the primary slot of an individual enrollment, by proof of use of the other.</summary>
    public Task<bool> RetireLeafAsync(string registrationId, CancellationToken cancellationToken) =>
        RetireAsync($"enrollments/{registrationId}", cancellationToken);

    /// <summary>Retires the signing certificate in the primary slot of a group, by proof of use of the other by every device.</summary>
    public Task<bool> RetireSigningCertificateAsync(string groupId, CancellationToken cancellationToken) =>
        RetireAsync($"enrollmentGroups/{groupId}", cancellationToken);

    /// <summary>Registration records of these individual enrollments that are assigned.</summary>
    public async Task<int> CountRegistrationsAsync(IEnumerable<string> registrationIds, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var id in registrationIds)
        {
            using var answer = await provisioning.SendAsync(HttpMethod.Get, $"registrations/{id}?{Version}", null, cancellationToken);
            if (answer.StatusCode != HttpStatusCode.NotFound)
            {
                var record = await ReadAsync<RegistrationStateDocument>(answer, cancellationToken);
                count += record.Status == RegistrationStatus.Assigned ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>Registration records of a group, page by page.</summary>
    public async Task<int> CountRegistrationsAsync(string groupId, CancellationToken cancellationToken)
    {
        var count = 0;
        string? continuation = null;
        do
        {
            using var answer = await provisioning.SendAsync(
                HttpMethod.Post, $"registrations/{groupId}/query?{Version}", null, cancellationToken, continuation);
            await DemandSuccessAsync(answer, cancellationToken);
            using var page = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
            count += page.RootElement.GetArrayLength();
            continuation = answer.Headers.TryGetValues(WireHeader.Continuation, out var values) ? values.First() : null;
        }
        while (continuation is not null);

        return count;
    }

    private static AttestationDocument X509(X509AttestationDocument certificates) => new() { Type = AttestationType.X509, X509 = certificates };

    private async Task<bool> RetireAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await provisioning.SendAsync(HttpMethod.Post, $"{path}/retire?slot=primary&{Version}", null, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }

        await DemandSuccessAsync(answer, cancellationToken);
        return true;
    }

    private async Task PutAsync<T>(string path, T document, CancellationToken cancellationToken)
        where T : class, IWireDocument<T>
    {
        using var answer = await provisioning.SendAsync(HttpMethod.Put, $"{path}?{Version}", WireJson.ToUtf8(document), cancellationToken);
        await DemandSuccessAsync(answer, cancellationToken);
    }

    private async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
        where T : class, IWireDocument<T>
    {
        using var answer = await provisioning.SendAsync(HttpMethod.Get, $"{path}?{Version}", null, cancellationToken);
        return await ReadAsync<T>(answer, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellationToken)
        where T : class, IWireDocument<T>
    {
        await DemandSuccessAsync(answer, cancellationToken);
        return WireJson.TryParse(await answer.Content.ReadAsByteArrayAsync(cancellationToken), out T? document, out var fault)
            ? document
            : throw new HttpRequestException($"The answer to {answer.RequestMessage?.RequestUri?.AbsolutePath} cannot be read: {fault}");
    }

    private static async Task DemandSuccessAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException(
                $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri?.AbsolutePath} was answered {(int)answer.StatusCode}: {body}");
        }
    }
}
