using Microsoft.AspNetCore.Http;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>What the form of an enrollment's settings asks for.</summary>
internal static class SettingsDraft
{
    public static EnrollmentDraft Of(Enrollment enrollment, IFormCollection form) => EnrollmentDraft.Of(enrollment) with
    {
        DeviceId = enrollment.Key.Kind == EnrollmentKind.Group || string.IsNullOrWhiteSpace(form["device"]) ? null : form["device"].ToString().Trim(),
        ReprovisionPolicy = form["reprovision"].ToString() switch
        {
            "never" => ReprovisionPolicy.Never,
            "reset" => ReprovisionPolicy.Reset,
            _ => ReprovisionPolicy.Migrate,
        },
        AllocationPolicy = Enum.TryParse<AllocationPolicy>(form["allocation"], out var policy) ? policy : null,
        HubHostNames = [.. form["hub"].OfType<string>()],
        CredentialPolicy = form["profile"] is { Count: 1 } profile && profile[0]?.Length > 0 ? profile[0] : null,
        RollOffer = Enum.TryParse<RollOffer>(form["offer"], out var offer) && Enum.IsDefined(offer) ? offer : null,
        IsEdge = form["edge"] == "yes",
    };
}
