namespace Perennial.Rolling.Impact;

/// <summary>A part of a list of impacted devices.</summary>
internal enum ImpactSection
{
    Classes,
    Alone,
    Keys,
    Unknown,
}
