using CsCheck;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Issuance;
using Perennial.Provisioning.Registrations;
using Perennial.Provisioning.Tests.Fakes;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Provisioning.Tests.Issuance;

/// <summary>The set of credentials that count for a device, under any order of issues, lost replies, uses and time.</summary>
public sealed class IssuedLeafProperties
{
    private static readonly TestAuthority Factory = TestAuthority.CreateRoot("Factory");

    private enum Step
    {
        Obtain,
        ObtainAndLoseTheReply,
        AskAgain,
        UseTheNewest,
        UseTheOldest,
        LetTimePass,
    }

    /// <summary>
    /// The device keeps the leaf that it used last and the newest that it was given. At every instant both are accepted, and none that was retired
    /// comes back.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_device_holds_is_always_accepted_and_what_was_retired_never_again(bool isIndividual) =>
        await Gen.Enum<Step>().Array[1, 25].SampleAsync(
            async steps =>
            {
                var world = new World();
                var first = TestAuthority.CreateSelfSignedLeaf("dev-01");
                var factory = isIndividual ? World.Chain(first) : World.Chain(Factory.IssueLeaf("dev-01"));
                await world.EnrollAsync((isIndividual ? World.Individual("dev-01", first.Certificate) : World.GroupOf("g", Factory.Certificate)) with
                {
                    CredentialPolicy = "operational",
                });
                var held = new List<CertificateChain> { factory };
                var request = TestSigningRequest.Make("dev-01");
                foreach (var step in steps)
                {
                    request = step == Step.AskAgain ? request : TestSigningRequest.Make("dev-01");
                    await RunAsync(world, step, held, request);
                    if (isIndividual && step == Step.ObtainAndLoseTheReply)
                    {
                        // There is one free slot: by asking anew the device gave up what it had not used.
                        held.RemoveRange(1, held.Count - 1);
                    }

                    Assert.IsType<AttestationVerdict.Accepted>(await world.AttestAsync("dev-01", held[0]));
                    Assert.IsType<AttestationVerdict.Accepted>(await world.AttestAsync("dev-01", held[^1]));
                    var issued = await world.Leaves.ListAsync(World.Id("dev-01"), TestContext.Current.CancellationToken);
                    foreach (var retired in issued.Where(leaf => leaf.Retired is not null && !isIndividual))
                    {
                        Assert.IsType<AttestationVerdict.Refused>(await world.AttestAsync("dev-01", ChainOf(retired)));
                    }
                }
            },
            iter: 60,
            threads: 1);

    private static async Task RunAsync(World world, Step step, List<CertificateChain> held, CertificateSigningRequest request)
    {
        world.Time.Advance(TimeSpan.FromSeconds(1));
        switch (step)
        {
            case Step.Obtain or Step.ObtainAndLoseTheReply or Step.AskAgain:
                var outcome = await world.RegisterAsync("dev-01", held[0], request: request);
                if (outcome is RegistrationOutcome.Assigned { Issued: { } issued } && step != Step.ObtainAndLoseTheReply)
                {
                    held.RemoveRange(1, held.Count - 1);
                    held.Add(ChainOf(issued));
                }

                world.Leaves.NoteUse(held[0].Leaf.Thumbprint, world.Time.GetUtcNow());
                break;
            case Step.UseTheNewest:
                await UseAsync(world, held[^1]);
                held.RemoveRange(0, held.Count - 1);
                break;
            case Step.UseTheOldest:
                await UseAsync(world, held[0]);
                break;
            default:
                world.Time.Advance(IssueLeaf.RatePeriod);
                break;
        }
    }

    private static async Task UseAsync(World world, CertificateChain chain)
    {
        Assert.IsType<AttestationVerdict.Accepted>(await world.AttestAsync("dev-01", chain));
        world.Leaves.NoteUse(chain.Leaf.Thumbprint, world.Time.GetUtcNow());
    }

    private static CertificateChain ChainOf(IssuedLeaf leaf) =>
        CertificateChain.TryCreate(leaf.Leaf, [.. leaf.Chain.Skip(1)], out var chain, out var refusal) ? chain : throw new InvalidOperationException(refusal.Detail);
}
