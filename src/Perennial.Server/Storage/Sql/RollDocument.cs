using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>A roll as it is kept, but for what stands in columns.</summary>
internal sealed record RollDocument
{
    public required string Id { get; init; }

    public RollKind Kind { get; init; }

    public RollReason Reason { get; init; }

    public required RollPlanDocument Plan { get; init; }

    public string? Group { get; init; }

    public string? Issuer { get; init; }

    public string? OldIssuer { get; init; }

    public string? NewIssuer { get; init; }

    public string? Old { get; init; }

    public string? New { get; init; }

    public string? HaltReason { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    public string? WithoutRehearsal { get; init; }

    public bool IsBack { get; init; }

    public DateTimeOffset? Hastened { get; init; }

    public static RollDocument From(Roll roll) => new()
    {
        Id = roll.Id,
        Kind = roll.Kind,
        Reason = roll.Reason,
        Plan = RollPlanDocument.From(roll.Plan),
        Group = roll.Group?.Id,
        Issuer = roll.Issuer,
        OldIssuer = roll.OldIssuer,
        NewIssuer = roll.NewIssuer,
        Old = roll.Old?.ToString(),
        New = roll.New?.ToString(),
        HaltReason = roll.HaltReason,
        Created = roll.Created,
        Started = roll.Started,
        Ended = roll.Ended,
        IsBack = roll.IsBack,
        Hastened = roll.Hastened,
        WithoutRehearsal = roll.WithoutRehearsal,
    };

    public Roll ToDomain(RollState state, int version, int wave) => new()
    {
        Id = Id,
        Kind = Kind,
        Reason = Reason,
        Plan = Plan.ToDomain(),
        State = state,
        Group = Group is null ? null : Keys.Enrollment(EnrollmentKind.Group, Group),
        Issuer = Issuer,
        OldIssuer = OldIssuer,
        NewIssuer = NewIssuer,
        Old = Old is null ? null : Thumbprint.Parse(Old),
        New = New is null ? null : Thumbprint.Parse(New),
        Wave = wave,
        HaltReason = HaltReason,
        Version = version,
        Created = Created,
        Started = Started,
        Ended = Ended,
        IsBack = IsBack,
        Hastened = Hastened,
        WithoutRehearsal = WithoutRehearsal,
    };
}
