namespace Perennial.Rolling.Rolls;

/// <summary>Plans a roll of an issuing authority of this service: the one that issues is followed by the one that is prepared.</summary>
public sealed class CreateIssuerRoll(CreateRoll create, IRolledIssuers issuers, MoveTrust trust)
{
    /// <param name="id">The name of the roll.</param>
    /// <param name="issuer">The issuer, as profiles name it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="plan">How.</param>
    /// <param name="actor">Who asks, for the audit trail.</param>
    /// <param name="cancellationToken">Stops before the write is taken up.</param>
    public async Task<RollOutcome> RunAsync(string id, string issuer, RollReason reason, RollPlan plan, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (CreateRoll.FindFault(id, plan) is { } fault)
        {
            return new RollOutcome.Invalid(fault);
        }

        var (active, prepared) = await issuers.FindAsync(issuer, cancellationToken);
        if (active is null)
        {
            return new RollOutcome.Invalid($"There is no issuing authority of ours that issues for '{issuer}'.");
        }

        if (prepared is null)
        {
            return new RollOutcome.Invalid(
                $"No authority, or more than one, is prepared to follow the one of '{issuer}'. Make one with: perennial ca create {issuer} --stage");
        }

        if (await trust.FindFaultAsync(active, prepared, cancellationToken) is { } hindrance)
        {
            return new RollOutcome.Invalid(hindrance);
        }

        var roll = create.Draft(id, RollKind.IssuingCa, reason, plan) with
        {
            Issuer = issuer,
            OldIssuer = active.Slot,
            NewIssuer = prepared.Slot,
            Old = active.Own.Thumbprint,
            New = prepared.Own.Thumbprint,
        };
        return await create.SaveAsync(roll, [], actor, cancellationToken);
    }
}
