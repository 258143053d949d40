namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>One condition of a query: a member of the objects and the value that it must, or must not, have.</summary>
/// <param name="Field">The member, with dots between levels, as it was spelled.</param>
/// <param name="IsNegated">True for <c>!=</c> and <c>&lt;&gt;</c>.</param>
/// <param name="Value">The text without quotes; numbers, <c>true</c> and <c>false</c> as they were written.</param>
public sealed record QueryCondition(string Field, bool IsNegated, string Value);
