using Perennial.Server.Portal.Enrollments;

namespace Perennial.Server.Portal.Registrations;

/// <summary>A change of an identity on a hub, shown with what it does to the device before it is made.</summary>
/// <param name="Act">The last segment of the form's path.</param>
/// <param name="Done">What the identity would be: <c>disabled</c> or <c>deleted</c>.</param>
/// <param name="Impact">Whom it touches.</param>
/// <param name="Fault">What is missing; null when nothing was asked for yet.</param>
public sealed record DeviceReview(string Act, string Done, ImpactModel Impact, string? Fault)
{
    /// <summary>What the form sends again.</summary>
    public IReadOnlyList<(string Name, string Value)> Fields { get; init; } = [];
}
