using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Breaches;

/// <summary>A breach that an operator deals with. How far it is is not in here: blocks and enrollments say it, whoever changed them.</summary>
public sealed record BreachCase
{
    public required string Id { get; init; }

    public required BreachProcedure Procedure { get; init; }

    public required EnrollmentKey Enrollment { get; init; }

    /// <summary>The one device that it is about; null for all of a group.</summary>
    public string? Device { get; init; }

    /// <summary>What was compromised.</summary>
    public required Certificate Compromised { get; init; }

    public required string Reason { get; init; }

    public required string Actor { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? Closed { get; init; }

    public bool IsOfIssuer => Procedure is BreachProcedure.Intermediate or BreachProcedure.Root;

    /// <summary>What is blocked for it.</summary>
    public BlockKind BlockKind => IsOfIssuer ? BlockKind.Issuer : BlockKind.Certificate;
}
