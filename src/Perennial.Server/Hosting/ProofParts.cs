using Microsoft.Extensions.Logging;
using Perennial.Provisioning.Attestation;
using Perennial.Server.Http;
using Perennial.Server.Proofs;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Hosting;

/// <summary>The reports of rolls put together.</summary>
internal sealed class ProofParts(SqlDatabase database, DeviceAttestation attestation, ILoggerFactory loggers, TimeProvider time)
{
    private readonly ProofStore _store = new(database, time);

    public MakeProofs Make { get; } = new(
        database,
        new ProofStore(database, time),
        new BuildProof(new ProofStore(database, time), new RehearsalStore(database, time), new EnrollmentStore(database, time), attestation, time),
        loggers.CreateLogger<MakeProofs>(),
        time);

    public ProofEndpoints Endpoints(ServiceCall call) => new(call, _store);
}
