using Perennial.Rolling.Rehearsals;

namespace Perennial.Rolling.Tests.Rehearsals;

/// <summary>A plan for an issuing authority with one mistake, and what a rehearsal is to say of it.</summary>
/// <param name="Name">The mistake.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Finding">What fits.</param>
/// <param name="Severity">How grave it is.</param>
internal sealed record BadIssuerPlan(string Name, Func<PlannedIssuer> Plan, FindingKind Finding, FindingSeverity Severity = FindingSeverity.Blocks);
