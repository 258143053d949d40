using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Perennial.Authority.Authorities;
using Perennial.Authority.Issuers;
using Perennial.Server.Hosting;
using Perennial.Server.Tests.Http;
using Perennial.Server.Tests.Instances;
using Perennial.Server.Tests.Outages;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Issuance;

/// <summary>A served instance with an authority of its own and one certificate profile, and a factory whose leaves devices come with.</summary>
internal sealed class IssuingInstance : IAsyncDisposable
{
    public const string Version = "api-version=2025-07-01-preview";
    public const string Policy = "lamps";

    public ServedInstance Served { get; } = ServedInstance.Open(TimeProvider.System);

    public TestAuthority Factory { get; } = TestAuthority.CreateRoot("Factory");

    public DeviceEndpoint Endpoint => DeviceEndpoint.Of(Served.Instance);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await Served.DisposeAsync();
        Factory.Dispose();
    }

    /// <summary>Makes the authority and the profile, and serves.</summary>
    public async Task<ServiceClient> StartAsync(Func<CertificateProfile, CertificateProfile>? change = null)
    {
        var profile = new CertificateProfile { Name = Policy, IssuerName = "ours", AllowsSelfRoll = true };
        await WithAuthorityAsync(async parts =>
        {
            await parts.CreateAuthority.RunAsync(new AuthorityWishes { IssuerName = "ours" }, "test", Stop);
            await parts.Profiles.SaveAsync(change?.Invoke(profile) ?? profile, "test", Stop);
        });

        await Served.StartAsync();
        return new ServiceClient(Served);
    }

    /// <summary>Works on the authority beside the server, as the command line does.</summary>
    public async Task WithAuthorityAsync(Func<AuthorityParts, Task> work)
    {
        await using var database = DatabaseOpening.Open(Served.Instance.Database, NullLoggerFactory.Instance, TimeProvider.System);
        using var parts = AuthorityParts.Compose(Served.Instance, database, TimeProvider.System);
        await work(parts);
    }

    /// <summary>Enrolls the devices of the factory.</summary>
    public Task EnrollGroupAsync(ServiceClient service, string? policy = Policy) => EnrollGroupAsync(service, staged: null, policy);

    /// <summary>Enrolls the devices of the factory, with another signing certificate staged.</summary>
    public Task EnrollGroupAsync(ServiceClient service, TestCertificate? staged, string? policy = Policy, string? offer = null) =>
        SaveAsync(service, "enrollmentGroups/g", JsonSerializer.Serialize(new
        {
            enrollmentGroupId = "g",
            credentialPolicyName = policy,
            rollOffer = offer,
            attestation = new
            {
                type = "x509",
                x509 = new
                {
                    signingCertificates = new
                    {
                        primary = new { certificate = Factory.Own.CertificatePem },
                        secondary = staged is null ? null : new { certificate = staged.CertificatePem },
                    },
                },
            },
        }));

    /// <summary>Enrolls one device.</summary>
    public static Task EnrollAsync(ServiceClient service, string id, string attestation) => SaveAsync(
        service, $"enrollments/{id}", $$"""{"registrationId":"{{id}}","credentialPolicyName":"{{Policy}}","attestation":{{attestation}} }""");

    private static async Task SaveAsync(ServiceClient service, string path, string body)
    {
        var (status, _, saved) = await service.AskAsync(HttpMethod.Put, $"/{path}?{Version}", body);
        Assert.True(status == 200, saved.GetRawText());
    }

    /// <summary>Registers with a signing request, and takes what is issued.</summary>
    public async Task<TestCertificate> ObtainAsync(string id, TestCertificate presented)
    {
        using var device = new ServiceClient(Served, presented);
        return await ObtainAsync(device, id);
    }

    /// <summary>Registers with a signing request, and takes what is issued.</summary>
    public async Task<TestCertificate> ObtainAsync(ServiceClient device, string id)
    {
        var key = TestKey.P256();
        var (status, _, body) = await RegisterAsync(device, id, TestSigningRequest.Make(id, key).ToBase64());
        Assert.True(status == 202, $"{status} {body.GetRawText()}");
        var state = body.GetProperty("registrationState");
        Assert.Equal("assigned", state.GetProperty("status").GetString());
        return TestCertificate.Join(state.GetProperty("issuedCertificateChain")[0].GetBytesFromBase64(), key);
    }

    /// <summary>Registers with this text as the signing request.</summary>
    public Task<(int Status, System.Net.Http.Headers.HttpResponseHeaders Headers, JsonElement Body)> RegisterAsync(ServiceClient device, string id, string csr) =>
        device.AskAsync(
            HttpMethod.Put,
            $"/{Served.Instance.Document.IdScope}/registrations/{id}/register?{Version}",
            JsonSerializer.Serialize(new { registrationId = id, csr }));
}
