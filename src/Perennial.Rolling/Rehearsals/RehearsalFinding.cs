namespace Perennial.Rolling.Rehearsals;

/// <summary>What a rehearsal found.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Severity">Whether the plan may be started all the same.</param>
/// <param name="Devices">How many devices it concerns; 0 when it is the plan itself.</param>
/// <param name="Sentence">What is wrong, for people.</param>
/// <param name="Remedy">What mends it.</param>
public sealed record RehearsalFinding(FindingKind Kind, FindingSeverity Severity, long Devices, string Sentence, string Remedy);
