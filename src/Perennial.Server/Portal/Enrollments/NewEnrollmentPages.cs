using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Tpm;
using Perennial.Server.Fleet;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Users;
using Perennial.X509;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>Adding an enrollment.</summary>
internal sealed class NewEnrollmentPages(SaveEnrollment save, TimeProvider time) : IPortalPages
{
    private const string Path = PortalNavigation.Enrollments + "/new";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(Path, context => Task.FromResult(PortalReply.Page<NewEnrollmentPage>(new NewEnrollmentModel { Kind = KindOf(context.Request.Query["tab"]) })), UserRole.Operator);
        routes.Form(Path, AddAsync, UserRole.Operator);
    }

    private async Task<IResult> AddAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var model = ModelOf(form);
        if (EnrollmentPaths.KeyOf(EnrollmentPaths.WordOf(model.Kind), model.Id) is not { } key)
        {
            return Refuse(model, "The id is not valid. Use 1 to 128 letters, digits and - . _ : and end with a letter or digit.");
        }

        var (mechanism, fault) = await MechanismAsync(form, model, key, context.RequestAborted);
        if (mechanism is null)
        {
            return Refuse(model, fault!);
        }

        var draft = new EnrollmentDraft { Key = key, Mechanism = mechanism };
        var outcome = await save.AddAsync(draft, PortalUser.ActorOf(context.User), context.RequestAborted);
        return outcome switch
        {
            SaveOutcome.Saved => PortalReply.SeeOther($"{EnrollmentPaths.Of(key)}?done=made"),
            SaveOutcome.Invalid invalid => Refuse(model, invalid.Sentence),
            SaveOutcome.CertificateTaken taken => Refuse(
                model, $"The {taken.Certificate} stands in the {taken.Holder} already. A certificate stands in one enrollment only."),
            _ => Refuse(model, $"There is an {key} already. Open it from the list to change it."),
        };
    }

    private async Task<(MechanismDraft? Mechanism, string? Fault)> MechanismAsync(
        IFormCollection form, NewEnrollmentModel model, EnrollmentKey key, CancellationToken cancellationToken)
    {
        switch (model.Attestation)
        {
            case EnrolledAttestation.SymmetricKey:
                return (new MechanismDraft.SymmetricKeys(null, null), null);
            case EnrolledAttestation.Reference:
                return (new MechanismDraft.CaReferences(model.PrimaryName, model.SecondaryName), null);
            case EnrolledAttestation.Tpm:
                return TpmPublic.TryParse(model.EndorsementKey ?? string.Empty, out var endorsement)
                    ? (new MechanismDraft.Tpm(endorsement, null), null)
                    : (null, "The endorsement key is not one that is known: a public key of a TPM 2.0 in base64, RSA 2048 or NIST P-256.");
            default:
                SlotModel[] empty = [new() { Slot = Slot.Primary }, new() { Slot = Slot.Secondary }];
                var slots = await SlotForm.ReadAsync(form, key, empty, time.GetUtcNow(), cancellationToken);
                var fault = slots.Select(slot => slot.Fault).FirstOrDefault(fault => fault is not null)
                    ?? (slots.All(slot => slot.Next is null) ? "Pick the primary certificate." : null);
                return fault is null
                    ? (new MechanismDraft.X509(key.Kind == EnrollmentKind.Group, DraftOf(slots[0].Next), DraftOf(slots[1].Next)), null)
                    : (null, fault);
        }
    }

    private static NewEnrollmentModel ModelOf(IFormCollection form) => new()
    {
        Kind = KindOf(form["tab"]),
        Id = form["id"].ToString().Trim(),
        Attestation = Enum.TryParse<EnrolledAttestation>(form["attestation"], out var attestation) ? attestation : EnrolledAttestation.Certificate,
        PrimaryName = Text(form["primary.name"]),
        SecondaryName = Text(form["secondary.name"]),
        EndorsementKey = Text(form["tpm"]),
    };

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static EnrollmentKind KindOf(string? tab) => tab == "groups" ? EnrollmentKind.Group : EnrollmentKind.Individual;

    private static SlotDraft DraftOf(Certificate? certificate) => certificate is null ? new SlotDraft.Empty() : new SlotDraft.Place(certificate);

    private static IResult Refuse(NewEnrollmentModel model, string fault) =>
        PortalReply.Page<NewEnrollmentPage>(model with { Fault = fault }, StatusCodes.Status422UnprocessableEntity);
}
