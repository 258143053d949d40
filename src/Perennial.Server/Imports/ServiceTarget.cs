using System.Net;
using System.Text.Json.Nodes;
using Perennial.Server.Remote;
using Perennial.X509;

namespace Perennial.Server.Imports;

/// <summary>
/// Enrolls through the service APIs. A certificate comes into the primary slot of an individual enrollment; a thumbprint alone cannot be attested
/// and becomes a device identity of a hub. What is there with something else is refused and stays.
/// </summary>
/// <param name="connection">The server.</param>
/// <param name="hubName">The hub for thumbprints; null for the only one.</param>
/// <param name="policyName">The certificate profile of the enrollments; null for none.</param>
internal sealed class ServiceTarget(ServiceConnection connection, string? hubName, string? policyName) : IImportTarget
{
    private static readonly string[] Slots = ["primary", "secondary"];

    public Task<ImportResult> EnrollAsync(ImportRow row, CancellationToken cancellationToken) => row switch
    {
        ImportRow.OfCertificate certificate => EnrollAsync(certificate, cancellationToken),
        ImportRow.OfThumbprint thumbprint => AddAsync(thumbprint, cancellationToken),
        ImportRow.OfDocument document => EnrollAsync(document, cancellationToken),
        _ => throw new ArgumentException("Such a row is not asked.", nameof(row)),
    };

    private async Task<ImportResult> EnrollAsync(ImportRow.OfCertificate row, CancellationToken cancellationToken)
    {
        var stored = await AskAsync(RestNoun.Enrollment.Get(row.Id), cancellationToken);
        if (stored.Status == (int)HttpStatusCode.OK)
        {
            return Slots.Any(slot => ThumbprintOf(stored.Document, slot) == row.Leaf.Thumbprint.ToString())
                ? new ImportResult(row.Line, row.Id, ImportVerdict.Unchanged, string.Empty)
                : Refuse(row, "It is enrolled already, with something else. Stage the new certificate in the free slot.");
        }

        var enrollment = new JsonObject
        {
            ["registrationId"] = row.Id,
            ["credentialPolicyName"] = policyName,
            ["attestation"] = new JsonObject
            {
                ["type"] = "x509",
                ["x509"] = new JsonObject { ["clientCertificates"] = new JsonObject { ["primary"] = new JsonObject { ["certificate"] = Pem.Write(row.Leaf) } } },
            },
        };
        return ResultOf(row, await AskAsync(RestNoun.Enrollment.Put(row.Id, enrollment), cancellationToken));
    }

    private async Task<ImportResult> EnrollAsync(ImportRow.OfDocument row, CancellationToken cancellationToken)
    {
        var stored = await AskAsync(row.Noun.Get(row.Id), cancellationToken);
        if (stored.Status != (int)HttpStatusCode.OK)
        {
            return ResultOf(row, await AskAsync(row.Noun.Put(row.Id, row.Document.DeepClone()), cancellationToken));
        }

        var mechanism = await AskAsync(row.Noun.Post(row.Id, "/attestationmechanism"), cancellationToken);
        return mechanism.IsDone && AttestationMatch.IsSame(row.Document["attestation"], mechanism.Document)
            ? new ImportResult(row.Line, row.Id, ImportVerdict.Unchanged, string.Empty)
            : Refuse(row, "It is enrolled already, with something else, and stays so. Delete it first, or stage the certificate in the free slot.");
    }

    private async Task<ImportResult> AddAsync(ImportRow.OfThumbprint row, CancellationToken cancellationToken)
    {
        var hub = connection.Hub(hubName);
        var identity = new JsonObject
        {
            ["deviceId"] = row.Id,
            ["authentication"] = new JsonObject { ["type"] = "selfSigned", ["x509Thumbprint"] = new JsonObject { ["primaryThumbprint"] = row.Thumbprint.ToString() } },
        };
        var answer = await hub.AskAsync(RestNoun.Device.Put(row.Id, identity), cancellationToken);
        if (answer.Status != (int)HttpStatusCode.Conflict)
        {
            return ResultOf(row, answer);
        }

        var stored = await hub.AskAsync(RestNoun.Device.Get(row.Id), cancellationToken);
        var held = (stored.Body as JsonObject)?["authentication"]?["x509Thumbprint"];
        return Slots.Any(slot => string.Equals((string?)held?[$"{slot}Thumbprint"], row.Thumbprint.ToString(), StringComparison.OrdinalIgnoreCase))
            ? new ImportResult(row.Line, row.Id, ImportVerdict.Unchanged, string.Empty)
            : Refuse(row, "The hub has a device of this id already, with something else.");
    }

    private Task<ServiceAnswer> AskAsync(ServiceRequest request, CancellationToken cancellationToken) => connection.Provisioning.AskAsync(request, cancellationToken);

    private static string? ThumbprintOf(JsonObject enrollment, string slot) =>
        (string?)enrollment["attestation"]?["x509"]?["clientCertificates"]?[slot]?["info"]?["sha256Thumbprint"];

    private static ImportResult Refuse(ImportRow row, string detail) => new(row.Line, row.Id, ImportVerdict.Refused, detail);

    private static ImportResult ResultOf(ImportRow row, ServiceAnswer answer) => answer.IsDone
        ? new(row.Line, row.Id, ImportVerdict.Created, string.Empty)
        : Refuse(row, $"{answer.Status} {answer.Message}");
}
