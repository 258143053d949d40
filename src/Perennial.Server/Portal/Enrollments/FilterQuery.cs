using System.Globalization;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Fleet;
using Perennial.Server.Fleet;
using Perennial.Server.Portal.Layout;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>How a filter of enrollments stands in an address.</summary>
internal static class FilterQuery
{
    /// <summary>The names that an address of the list may hold.</summary>
    public static readonly string[] Names = ["tab", "q", "match", "enabled", "attestation", "ends", "state", "sort", "after", "before"];

    public static EnrollmentFilter Read(PortalAddressQuery query)
    {
        var isGroup = query["tab"] == "groups";
        return new EnrollmentFilter
        {
            Kind = isGroup ? EnrollmentKind.Group : EnrollmentKind.Individual,
            Text = query["q"],
            IsAnywhere = query["match"] == "any",
            IsEnabled = query["enabled"] switch { "yes" => true, "no" => false, _ => null },
            Attestation = Word<EnrolledAttestation>(query["attestation"]),
            EndsWithinDays = int.TryParse(query["ends"], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= 3650 ? days : null,
            State = isGroup ? null : Word<DeviceState>(query["state"]),
        };
    }

    private static T? Word<T>(string? text)
        where T : struct, Enum => Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;
}
