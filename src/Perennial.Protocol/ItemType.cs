namespace Perennial.Protocol;

/// <summary>Values of the header <c>x-ms-item-type</c>.</summary>
/// <remarks>Source: dps-protocol §7.4 for the provisioning service, hub-protocol §8.1 for the hub (capitalised).</remarks>
public static class ItemType
{
    /// <summary>A page of individual enrollments.</summary>
    public const string Enrollment = "enrollment";

    /// <summary>A page of enrollment groups.</summary>
    public const string EnrollmentGroup = "enrollmentGroup";

    /// <summary>A page of registration records.</summary>
    public const string DeviceRegistration = "deviceRegistration";

    /// <summary>A page of full twin documents.</summary>
    public const string Twin = "Twin";

    /// <summary>A page of projections or aggregates.</summary>
    public const string Raw = "Raw";

    /// <summary>A page of devices of jobs.</summary>
    public const string DeviceJob = "DeviceJob";

    /// <summary>A page of jobs.</summary>
    public const string JobResponse = "JobResponse";
}
