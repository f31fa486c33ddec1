// A suite that no program has, for style.suites.finds.
CPPUNIT_TEST_SUITE_REGISTRATION(ForgottenTest);
