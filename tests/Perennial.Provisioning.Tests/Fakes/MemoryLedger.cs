using Perennial.Provisioning.Attestation;

namespace Perennial.Provisioning.Tests.Fakes;

/// <summary>Verdicts in memory.</summary>
internal sealed class MemoryLedger : IVerdictLedger
{
    private readonly Lock _turn = new();
    private readonly List<AttestationVerdict> _verdicts = [];

    public IReadOnlyList<AttestationVerdict> Verdicts
    {
        get
        {
            lock (_turn)
            {
                return [.. _verdicts];
            }
        }
    }

    public IPendingWrite Prepare(AttestationVerdict verdict) => new MemoryWrite(() => Add(verdict));

    public Task RecordAsync(AttestationVerdict verdict, CancellationToken cancellationToken)
    {
        Add(verdict);
        return Task.CompletedTask;
    }

    private void Add(AttestationVerdict verdict)
    {
        lock (_turn)
        {
            _verdicts.Add(verdict);
        }
    }
}
